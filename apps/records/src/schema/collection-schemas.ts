import { Config } from '@gantry/config';
import { Injectable } from '@nestjs/common';
import type { Collection } from '../domain/collection.ts';
import { recordsSettings } from '../records.config.ts';
import { compileCheck, type DocumentCheck } from './document-check.ts';

/** The compiled schemas of the collections used last. */
@Injectable()
export class CollectionSchemas {
  /** In the order of use, the longest unused first. */
  readonly #checks = new Map<string, DocumentCheck>();
  readonly #capacity: number;

  constructor(config: Config) {
    this.#capacity = config.get(recordsSettings).compiledSchemas;
  }

  /**
   * The check of a collection as it is stored. A definition that is not committed must not come here: its version
   * could still become another definition's.
   */
  checkOf(tenant: string, { name, version, jsonSchema }: Collection): DocumentCheck {
    const key = JSON.stringify([tenant, name, version]);
    const check = this.#checks.get(key) ?? compileCheck(jsonSchema);
    this.#checks.delete(key);
    this.#checks.set(key, check);
    if (this.#checks.size > this.#capacity) this.#checks.delete(this.#checks.keys().next().value!);
    return check;
  }
}
