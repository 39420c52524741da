import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectModern, waitFor } from '@gantry/testing';
import { execSync, spawnSync } from 'node:child_process';
import { buildImage } from '../../src/image.ts';
import { serviceNamed } from '../../src/workspace.ts';
import { describeWithDocker, docker, inspect } from './docker.ts';
import { runImage, type RunningImage } from './running-image.ts';
import { SERVICES } from './services.ts';

const MEGABYTE = 1_000_000;

interface Bill {
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

describeWithDocker('the image', () => {
  describe.each(SERVICES)('of $name', (service) => {
    let image: string;
    let running: RunningImage;

    beforeAll(async () => {
      image = buildImage(serviceNamed(service.name), process.env);
      running = await runImage(image, service);
      console.log(`${image} was ready ${running.readyAfterMs} ms after its process started`);
    });
    afterAll(() => running?.[Symbol.asyncDispose]());

    it('migrates its database', () => {
      expect(running.migrated).toContain('"msg":"migration applied"');
    });

    it('answers a call', async () => {
      const client = await connectModern(running.url, await running.token());
      const { structuredContent } = await client.callTool(...service.call);
      await client.close();
      expect(structuredContent).toMatchObject(service.answer);
    });

    it('tells Docker that it is healthy', async () => {
      await waitFor(() => inspect(running.id, '.State.Health.Status') === 'healthy', 20_000);
    });

    it('does not run as root, and could not change its own code if the file system let it', () => {
      expect(inspect(image, '.Config.User')).toBe('65532:65532');
      const attempt = `fs.writeFileSync('/app/dist/main.js', '')`;
      expect(() => docker('run', '--rm', '--entrypoint=node', image, '--eval', attempt)).toThrow('EACCES');
    });

    it('has the compiled code of the service in it, which the Node that runs it accepts', () => {
      const { stderr } = spawnSync(
        'docker',
        ['run', '--rm', '--env=NODE_DEBUG_NATIVE=COMPILE_CACHE', image],
        {
          encoding: 'utf8',
        },
      );
      expect(stderr).toContain('V8 code cache for ESM file:///app/dist/main.js was accepted');
    });

    it('says what it is', () => {
      const { version } = serviceNamed(service.name);
      expect(inspect(image, '.Config.Labels')).toMatchObject({
        'org.opencontainers.image.title': `gantry-${service.name}`,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}(-dirty)?$/),
        'org.opencontainers.image.source': 'https://github.com/gantry-mcp/gantry',
        'org.opencontainers.image.licenses': 'Apache-2.0',
      });
      expect(running.logs()).toContain(`"service":"${service.name}","version":"${version}"`);
    });

    it('has its bill of materials in it', () => {
      const read = `fs.readFileSync('/app/sbom.cdx.json', 'utf8')`;
      const bill = JSON.parse(docker('exec', running.id, 'node', '--print', read)) as Bill;
      const names = bill.components.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['@gantry/service', '@nestjs/core', 'postgres', 'zod']));
      for (const tool of ['jest', 'typescript', '@gantry/testing']) expect(names).not.toContain(tool);
    });

    it('is small', () => {
      const compressed = Number(execSync(`docker save ${image} | gzip -1 | wc -c`, { encoding: 'utf8' }));
      console.log(`${image}: ${(compressed / MEGABYTE).toFixed(1)} MB compressed`);
      expect(compressed).toBeLessThan(100 * MEGABYTE);
    });

    it('is back after it was killed', async () => {
      const ms = [await running.restart(), await running.restart(), await running.restart()];
      console.log(`${image} was ready again after ${ms.join(', ')} ms`);
      const client = await connectModern(running.url, await running.token());
      await client.close();
    });

    // The last one.
    it('stops in order when it is told to', async () => {
      expect(await running.stop()).toBe(0);
      expect(running.logs()).toContain('"msg":"stopped"');
    });
  });
});
