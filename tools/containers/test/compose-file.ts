import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../src/workspace.ts';

/** The folder of the Compose file. */
export const COMPOSE = join(ROOT, 'deploy/compose');

/** Of a Compose file what is looked at here. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** A service in it. */
export interface ComposeService {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly depends_on?: object;
}

/** The shipped file, with the values of `.env.example` put in as Compose does it. */
export function composeFile(): ComposeFile {
  const values = parseEnv(readFileSync(join(COMPOSE, '.env.example'), 'utf8'));
  const text = readFileSync(join(COMPOSE, 'compose.yaml'), 'utf8').replaceAll(
    /\$\{(\w+)(?::(-|\?)([^}]*))?\}/g,
    (_, name: string, operator: string | undefined, rest: string) => {
      const value = values[name] || (operator === '-' ? rest : undefined);
      if (value === undefined) throw new Error(`.env.example has no ${name}.`);
      return value;
    },
  );
  return parse(text, { merge: true }) as ComposeFile;
}
