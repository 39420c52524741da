import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { StagedCharts } from '../src/helm.ts';
import { chartNames } from '../src/folders.ts';
import type { Manifest } from './manifest.ts';

/** Values over the defaults of a chart. */
export type Values = Readonly<Record<string, unknown>>;

/** All charts, ready to be rendered. */
export class Charts {
  readonly #staged = new StagedCharts(chartNames());
  /** What Helm has said to the same question. */
  readonly #rendered = new Map<string, string>();

  /** Renders a chart with the least values that it needs, and these over them. Throws what Helm refuses. */
  render(chart: string, values: Values = {}, release = chart): Manifest[] {
    const key = JSON.stringify([chart, values, release]);
    const output = this.#rendered.get(key) ?? this.#template(chart, values, release);
    this.#rendered.set(key, output);
    return parse(output);
  }

  /** Renders a chart with its defaults alone. */
  renderBare(chart: string): Manifest[] {
    return parse(this.#staged.helm(['template', chart, this.#staged.path(chart)]));
  }

  lint(chart: string, values: Values): string {
    return this.#staged.helm([
      'lint',
      '--strict',
      this.#staged.path(chart),
      ...this.#arguments(chart, values),
    ]);
  }

  close(): void {
    this.#staged[Symbol.dispose]();
  }

  #template(chart: string, values: Values, release: string): string {
    const name = [release, this.#staged.path(chart), '--namespace', 'shop'];
    return this.#staged.helm(['template', ...name, ...this.#arguments(chart, values)]);
  }

  #arguments(chart: string, values: Values): string[] {
    const file = join(this.#staged.folder, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    return ['--values', join(this.#staged.path(chart), 'ci/minimal-values.yaml'), '--values', file];
  }
}

/** Kubernetes reads YAML 1.1. A key that stands twice is an error there, and here. */
function parse(output: string): Manifest[] {
  return parseAllDocuments(output, { version: '1.1' }).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}
