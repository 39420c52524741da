import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { stateDiagram } from '../src/domain/order-state-machine.ts';
import { ORDER_EVENTS } from '../src/events/order-events.ts';

const README = new URL('../README.md', import.meta.url);

describe('the README', () => {
  it('draws the state machine as it is (UPDATE_README=1 redraws it)', () => {
    const text = readFileSync(README, 'utf8');
    const drawn = text.replace(/```mermaid\n[^`]*```/, `\`\`\`mermaid\n${stateDiagram()}\n\`\`\``);
    if (process.env['UPDATE_README']) writeFileSync(README, drawn);
    expect(text).toContain('```mermaid');
    expect(text).toBe(drawn);
  });

  it('tells of every event what it tells', () => {
    const rows = readFileSync(README, 'utf8').match(/^\| `order\.[a-z_]+`.*$/gm)!;
    const shared = ['order_id', 'customer_id', 'version', 'total', 'currency', 'occurred_at'];
    expect(
      rows.map((row) =>
        row
          .split('|')
          .slice(1, 4)
          .map((cell) => [...cell.matchAll(/`(.*?)`|(\d+)/g)].map((match) => match[1] ?? match[2])),
      ),
    ).toEqual(
      ORDER_EVENTS.map(({ name, version, payload }) => [
        [name],
        [String(version)],
        Object.keys(payload.shape).filter((field) => !shared.includes(field)),
      ]),
    );
  });
});
