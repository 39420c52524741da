import type { DynamicModule, Type } from '@nestjs/common';
import type { Offer } from './offer.ts';

/** A plugin that this process runs with. */
export interface LoadedPlugin {
  /** As in MCP_PLUGINS. */
  readonly name: string;
  /** Of a package; a file has none. */
  readonly version: string | undefined;
  readonly module: Type | DynamicModule;
  readonly offer: Offer;
}

/** The plugins that this process runs with, in the order of MCP_PLUGINS. */
export class Plugins {
  constructor(readonly all: readonly LoadedPlugin[]) {}

  /** Their modules, to be imported beside the application's. */
  get modules(): readonly (Type | DynamicModule)[] {
    return this.all.map(({ module }) => module);
  }
}
