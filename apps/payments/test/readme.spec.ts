import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { stateDiagram } from '../src/domain/payment-state-machine.ts';

const README = new URL('../README.md', import.meta.url);

describe('the README', () => {
  it('draws the state machine as it is (UPDATE_README=1 redraws it)', () => {
    const text = readFileSync(README, 'utf8');
    const drawn = text.replace(/```mermaid\n[^`]*```/, `\`\`\`mermaid\n${stateDiagram()}\n\`\`\``);
    if (process.env['UPDATE_README']) writeFileSync(README, drawn);
    expect(text).toContain('```mermaid');
    expect(text).toBe(drawn);
  });
});
