import { z } from 'zod';

/**
 * An integer in what tools return, without the bounds that every safe integer has: they say nothing, and stand in the
 * list of tools, which each model pays for, a hundred times.
 */
export const integer = z.int().meta({ minimum: undefined, maximum: undefined });
