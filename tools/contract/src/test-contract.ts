import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { FILES, type Snapshot } from './snapshot.ts';
import { tokensOf } from './tokens.ts';

/** A service whose contract is tested. */
export interface ContractUnderTest {
  readonly service: string;
  /** As `contractOf` of `@gantry/service` reads it from the code. */
  readonly contract: Required<Snapshot>;
  /** What `serviceFindings` of `@gantry/service` has found. */
  readonly findings: readonly string[];
  /** What a model may pay for knowing the tools; a growth beyond it is a decision, not an accident. */
  readonly tokenBudget: number;
  /** Where the snapshot is: `contract/` of the app. */
  readonly folder: URL;
}

/**
 * The tests that every service's contract has to pass. `UPDATE_CONTRACT=1` makes what is promised now the snapshot.
 *
 * @example
 * ```ts
 * testContract({
 *   service: 'orders',
 *   contract: await contractOf(OrdersModule, { events: ORDER_EVENTS, env }),
 *   findings: serviceFindings(OrdersModule),
 *   tokenBudget: 10_000,
 *   folder: new URL('../contract/', import.meta.url),
 * });
 * ```
 */
export function testContract({ service, contract, findings, tokenBudget, folder }: ContractUnderTest): void {
  const tokens = tokensOf(contract.tools);

  describe(`the contract of ${service}`, () => {
    it('keeps the rules', () => {
      expect(findings).toEqual([]);
    });

    it('costs a model no more than its budget of tokens', () => {
      expect(tokens).toBeLessThanOrEqual(tokenBudget);
    });

    it.each(Object.entries(FILES))(
      'is the one in contract/%s (UPDATE_CONTRACT=1 rewrites it)',
      (file, parts) => {
        const present = Object.fromEntries(parts.map((part) => [part, contract[part]]));
        const text = `${JSON.stringify(file === 'tools.json' ? { tokens, ...present } : present, null, 2)}\n`;
        const snapshot = new URL(file, folder);
        if (process.env['UPDATE_CONTRACT']) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(snapshot, text);
        }
        expect(JSON.parse(text)).toEqual(existsSync(snapshot) && JSON.parse(readFileSync(snapshot, 'utf8')));
      },
    );
  });
}
