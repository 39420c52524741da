import { describe, expect, it } from '@jest/globals';
import { pinnedActions } from '../src/pinned-actions.ts';
import { pinnedImages } from '../src/pinned-images.ts';
import { checkout } from './checkout.ts';

const commit = 'a'.repeat(40);

describe('pinnedActions', () => {
  it('passes commits, and actions of the repository itself', () => {
    const root = checkout({
      '.github/workflows/ci.yml': `steps:\n  - uses: shop/weigh@${commit} # v1.2.3\n  - uses: ./.github/actions/install\n`,
    });
    expect(pinnedActions(root)).toMatchObject({ result: 'passed', summary: '1 uses in 1 files of .github' });
  });

  it.each(['shop/weigh@v1', 'shop/weigh@main', 'shop/weigh/deep@aaaaaaa', 'shop/weigh'])(
    'finds %s',
    (action) => {
      const root = checkout({
        '.github/workflows/ci.yml': `steps:\n  - name: Weigh\n    uses: "${action}"\n`,
      });
      expect(pinnedActions(root).findings).toEqual([
        `.github/workflows/ci.yml:3: ${action} is not pinned to a commit`,
      ]);
    },
  );

  it('looks into composite actions', () => {
    const root = checkout({ '.github/actions/install/action.yml': 'steps:\n  - uses: shop/weigh@v1\n' });
    expect(pinnedActions(root).findings).toHaveLength(1);
  });
});

describe('pinnedImages', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it('passes digests, stages, and our own images', () => {
    const root = checkout({
      'deploy/containers/Containerfile': `ARG BASE=registry.example/node:24@${digest}\nFROM ${'${BASE}'} AS runtime\nFROM runtime\n`,
      'deploy/compose/compose.yaml':
        'services:\n  till:\n    image: ${REPOSITORY:-ghcr.io/gantry-mcp}/gantry-till:0.1.0\n',
    });
    expect(pinnedImages(root)).toMatchObject({
      result: 'passed',
      summary: '1 images in 2 files of deploy',
    });
  });

  it('says which are named by a tag', () => {
    const root = checkout({
      'deploy/containers/Containerfile':
        'ARG BASE=registry.example/node:24\nFROM registry.example/build AS build\n',
      'deploy/compose/compose.yaml':
        'services:\n  db:\n    image: postgres:18\n  cache:\n    image: &cache-image ${REDIS:-docker.io/library/redis:8}\n',
    });
    expect(pinnedImages(root)).toMatchObject({
      result: 'not met',
      summary:
        'by name, not by digest: postgres:18, docker.io/library/redis:8, registry.example/node:24, registry.example/build',
    });
  });
});
