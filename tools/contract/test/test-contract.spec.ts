import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testContract } from '../src/index.ts';
import { snapshotFrom } from '../src/snapshot.ts';
import { tokensOf } from '../src/tokens.ts';
import { contract, shipOrder } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'gantry-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('with UPDATE_CONTRACT', () => {
  beforeAll(() => void (process.env['UPDATE_CONTRACT'] = '1'));
  afterAll(() => void delete process.env['UPDATE_CONTRACT']);
  testContract({
    service: 'orders',
    contract,
    findings: [],
    tokenBudget: 1_000,
    folder: pathToFileURL(`${folder}/new/`),
  });
});

describe('without', () => {
  testContract({
    service: 'orders',
    contract,
    findings: [],
    tokenBudget: 1_000,
    folder: pathToFileURL(`${folder}/new/`),
  });

  it('the snapshot is what was promised, with what it costs', () => {
    const read = (file: string) => readFileSync(join(folder, 'new', file), 'utf8');
    expect(snapshotFrom(read)).toEqual(contract);
    expect(JSON.parse(read('tools.json'))).toMatchObject({ tokens: tokensOf(contract.tools) });
    expect(readdirSync(join(folder, 'new'))).toHaveLength(6);
  });
});

it('counts what a model is shown, and nothing else', () => {
  const { scopes: _scopes, errors: _errors, ...shown } = shipOrder;
  expect(tokensOf([{ ...shown, scopes: [], errors: ['x_y', 'y_z'] }])).toBe(tokensOf([shipOrder]));
  expect(tokensOf([{ ...shipOrder, description: `${shipOrder.description} And more.` }])).toBeGreaterThan(
    tokensOf([shipOrder]),
  );
});
