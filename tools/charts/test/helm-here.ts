import { describe } from '@jest/globals';
import { helmProgram } from '../src/helm.ts';

const missing = whyNoHelm();

/** As `describe`; skipped aloud on machines that have no Helm and cannot fetch one, unless CI wants all tests. */
export function describeWithHelm(name: string, tests: () => void): void {
  (missing === undefined ? describe : describe.skip)(
    missing === undefined ? name : `${name} (${missing})`,
    tests,
  );
}

function whyNoHelm(): string | undefined {
  try {
    helmProgram();
    return undefined;
  } catch (error) {
    if (process.env['GANTRY_REQUIRE_CONTAINERS'] === '1') throw error;
    return `skipped, as there is no Helm: ${(error as Error).message.split('\n')[0]}`;
  }
}
