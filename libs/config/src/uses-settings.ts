import type { DynamicModule, ForwardReference, Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import type { SettingsGroup } from './settings.ts';

/** Anything that may stand in the `imports` of a Nest module, except a promise. */
export type ModuleReference = Type | DynamicModule | ForwardReference;

const SETTINGS = Symbol('gantry:settings');

/**
 * Says which settings a Nest module needs. {@link collectSettings} finds them before the container is built.
 *
 * @example
 * ```ts
 * \@UsesSettings(postgresSettings)
 * \@Module({ providers: [Database] })
 * export class PostgresModule {}
 * ```
 */
export function UsesSettings(...groups: readonly SettingsGroup[]): ClassDecorator {
  return (target) => {
    Object.defineProperty(target, SETTINGS, { value: groups });
  };
}

/** The settings of a module and of everything that it imports, each group once. */
export function collectSettings(root: ModuleReference): SettingsGroup[] {
  const groups = new Set<SettingsGroup>();
  const visited = new Set<unknown>();

  function visit(reference: unknown): void {
    if (visited.has(reference)) return;
    visited.add(reference);
    if (isForwardReference(reference)) return visit(reference.forwardRef());
    if (isDynamicModule(reference)) {
      visit(reference.module);
      for (const imported of reference.imports ?? []) visit(imported);
      return;
    }
    if (typeof reference !== 'function') {
      throw new TypeError(
        `Cannot collect settings from ${String(reference)}: await asynchronous modules before importing them.`,
      );
    }
    for (const group of settingsOf(reference)) groups.add(group);
    for (const imported of importsOf(reference)) visit(imported);
  }

  visit(root);
  return [...groups];
}

function settingsOf(type: object): readonly SettingsGroup[] {
  return Object.hasOwn(type, SETTINGS) ? (type as Record<symbol, readonly SettingsGroup[]>)[SETTINGS]! : [];
}

function importsOf(type: object): readonly unknown[] {
  return (Reflect.getMetadata(MODULE_METADATA.IMPORTS, type) as unknown[] | undefined) ?? [];
}

function isForwardReference(reference: unknown): reference is ForwardReference<() => unknown> {
  return typeof reference === 'object' && reference !== null && 'forwardRef' in reference;
}

function isDynamicModule(reference: unknown): reference is DynamicModule {
  return typeof reference === 'object' && reference !== null && 'module' in reference;
}
