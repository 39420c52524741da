import type { ScenarioFigures } from '../measure/rounds.ts';
import { plainTable, type Table } from './table.ts';
import { scenarioNote, scenarioTable } from './tables.ts';

/** A comparison, for a terminal. */
export function printedScenario(scenario: ScenarioFigures): string {
  const note = scenarioNote(scenario);
  return printed(scenario.title, scenarioTable(scenario), note && `(${note})`);
}

/** A table with its title, for a terminal. */
export function printed(title: string, table: Table, note?: string): string {
  return ['', title, '', plainTable(table), ...(note ? [note] : [])].join('\n');
}
