import { Config } from '@gantry/config';
import { Injectable } from '@nestjs/common';
import type { Collection } from '../domain/collection.ts';
import { recordsSettings } from '../records.config.ts';
import { compileCheck, type DocumentCheck } from './document-check.ts';

/**
 * The most that compiled schemas may weigh together, so that many large ones cannot take all memory: a dozen
 * of the heaviest there can be, hundreds of usual ones.
 */
export const MAX_WEIGHT = 500_000;

/** The compiled schemas of the collections used last. */
@Injectable()
export class CollectionSchemas {
  /** In the order of use, the longest unused first. */
  readonly #checks = new Map<string, DocumentCheck>();
  #weight = 0;
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
    this.#remove(key);
    this.#checks.set(key, check);
    this.#weight += check.weight;
    while (this.#checks.size > this.#capacity || this.#weight > MAX_WEIGHT)
      this.#remove(this.#checks.keys().next().value!);
    return check;
  }

  #remove(key: string): void {
    this.#weight -= this.#checks.get(key)?.weight ?? 0;
    this.#checks.delete(key);
  }
}
