import { describe, expect, it } from '@jest/globals';
import { chooseEngine } from './postgres-engine.ts';

const docker = async () => true;
const noDocker = async () => false;
const url = 'postgres://postgres:x@db:5432/postgres';

describe('chooseEngine', () => {
  it.each([
    ['a container when Docker answers', {}, docker, 'container', false],
    ['the embedded server when it does not', {}, noDocker, 'embedded', false],
    ['the given server before anything else', { GANTRY_TEST_POSTGRES_URL: url }, docker, 'given', true],
    [
      'the given server even where containers are mandatory: an outer run has started it',
      { GANTRY_TEST_POSTGRES_URL: url, GANTRY_REQUIRE_CONTAINERS: '1' },
      docker,
      'given',
      true,
    ],
    ['a container or nothing when told so', { GANTRY_REQUIRE_CONTAINERS: '1' }, noDocker, 'container', true],
    [
      'a container or nothing by engine name',
      { GANTRY_TEST_ENGINE: 'container' },
      noDocker,
      'container',
      true,
    ],
    [
      'the embedded server although Docker answers',
      { GANTRY_TEST_ENGINE: 'embedded' },
      docker,
      'embedded',
      true,
    ],
    [
      'a container when empty variables say nothing',
      { GANTRY_REQUIRE_CONTAINERS: '', GANTRY_TEST_ENGINE: '' },
      docker,
      'container',
      false,
    ],
  ])('takes %s', async (_, env, answers, engine, mandatory) => {
    expect(await chooseEngine(env as NodeJS.ProcessEnv, answers)).toMatchObject({ engine, mandatory });
  });

  it('refuses settings that make no sense', async () => {
    await expect(chooseEngine({ GANTRY_TEST_ENGINE: 'sqlite' }, docker)).rejects.toThrow("'sqlite'");
    await expect(
      chooseEngine({ GANTRY_TEST_ENGINE: 'embedded', GANTRY_REQUIRE_CONTAINERS: '1' }, docker),
    ).rejects.toThrow('exclude each other');
  });
});
