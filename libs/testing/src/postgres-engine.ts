/** Where the tests' Postgres comes from, and why: `reason` is printed. */
export interface EngineChoice {
  readonly engine: 'given' | 'container' | 'embedded';
  readonly reason: string;
  /** True if another engine must not take its place when it fails. */
  readonly mandatory: boolean;
}

/**
 * Chooses the engine: the server that GANTRY_TEST_POSTGRES_URL names, else a container when Docker
 * answers, else the embedded server. GANTRY_REQUIRE_CONTAINERS=1 leaves no choice but the container,
 * GANTRY_TEST_ENGINE=embedded none but the embedded server.
 */
export async function chooseEngine(
  env: NodeJS.ProcessEnv,
  dockerAnswers: () => Promise<boolean>,
): Promise<EngineChoice> {
  const forced = env['GANTRY_TEST_ENGINE'] ?? '';
  const requireContainers = env['GANTRY_REQUIRE_CONTAINERS'] === '1';
  if (!['', 'embedded', 'container'].includes(forced)) {
    throw new Error(`GANTRY_TEST_ENGINE is '${forced}'; it may be 'embedded' or 'container'.`);
  }
  if (requireContainers && forced === 'embedded') {
    throw new Error('GANTRY_REQUIRE_CONTAINERS=1 and GANTRY_TEST_ENGINE=embedded exclude each other.');
  }
  if (env['GANTRY_TEST_POSTGRES_URL']) {
    return { engine: 'given', reason: 'GANTRY_TEST_POSTGRES_URL is set', mandatory: true };
  }
  if (forced === 'embedded') {
    return { engine: 'embedded', reason: 'GANTRY_TEST_ENGINE=embedded', mandatory: true };
  }
  if (requireContainers || forced === 'container') {
    return { engine: 'container', reason: 'containers are mandatory', mandatory: true };
  }
  return (await dockerAnswers())
    ? { engine: 'container', reason: 'Docker answers', mandatory: false }
    : { engine: 'embedded', reason: 'no Docker answers', mandatory: false };
}
