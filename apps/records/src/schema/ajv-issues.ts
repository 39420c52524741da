import { jsonPointer, type ValidationIssue } from '@gantry/errors';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

/** Messages quote the schema, which can be long; nobody reads more than this. */
const MAX_MESSAGE_LENGTH = 200;

/** Nor more issues than this: a long list of wrong items has as many. */
const MAX_ISSUES = 100;

/** Takes over what a validator has found, as issues that point at the place in the checked value. */
export function issuesOf(validator: ValidateFunction): ValidationIssue[] {
  const errors = validator.errors ?? [];
  validator.errors = null; // a validator lives long, and would keep them until it finds others
  return errors.slice(0, MAX_ISSUES).map((error) => ({
    path: error.instancePath + placeBelow(error),
    message: shortened(messageOf(error)),
  }));
}

/** Where an error about a property is: the property, not the object around it. */
function placeBelow({ keyword, params }: ErrorObject): string {
  const name: unknown =
    keyword === 'required' || keyword === 'dependentRequired'
      ? params['missingProperty']
      : keyword === 'additionalProperties'
        ? params['additionalProperty']
        : keyword === 'unevaluatedProperties'
          ? params['unevaluatedProperty']
          : undefined;
  return typeof name === 'string' ? jsonPointer([name]) : '';
}

function messageOf({ keyword, params, message = 'is not valid' }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'dependentRequired':
      return `is required when "${params['property']}" is there`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a property of the schema';
    case 'false schema':
      return 'must not be there';
    case 'enum':
      return `must be one of ${JSON.stringify(params['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    default:
      return message;
  }
}

function shortened(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}
