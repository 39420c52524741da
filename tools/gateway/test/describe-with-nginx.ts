import { describe } from '@jest/globals';
import { whatIsMissing } from '../src/nginx.ts';

const missing = whatIsMissing();
if (missing !== undefined) {
  if (process.env['GANTRY_REQUIRE_CONTAINERS'] === '1') throw new Error(`No gateway to test: ${missing}.`);
  process.stderr.write(`The gateway is not tested: ${missing}.\n`);
}

/** As `describe`; skipped aloud on machines without nginx, where CI fails. */
export function describeWithNginx(name: string, tests: () => void): void {
  (missing === undefined ? describe : describe.skip)(
    missing === undefined ? name : `${name} (skipped: ${missing})`,
    tests,
  );
}
