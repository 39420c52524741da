import { describe, expect, it } from '@jest/globals';
import { chartValues, mergedValues } from './chart-values.ts';

const COMMON = `# About the file.

# About the first.
first: ''

group:
  # About what is inside.
  inside: 1
  other: true

# About a whole.
whole:
  a: text
  list: [1]

names: {}
`;

const OWN = `# About the other file.

# Of its own.
first: mine
group:
  # More of it.
  added:
    - x
`;

describe('the values of a chart', () => {
  const merged = mergedValues(COMMON, OWN);

  it('are those of all services with its own over them, comments included', () => {
    expect(merged)
      .toBe(`# Made by \`node tools/charts/src/main.ts write\` of gantry-service/service.values.yaml and own.values.yaml.

# Of its own.
first: mine

group:
  # About what is inside.
  inside: 1
  other: true
  # More of it.
  added:
    - x

# About a whole.
whole:
  a: text
  list: [ 1 ]

names: {}
`);
  });

  it('are listed one by one where they are explained one by one', () => {
    expect(chartValues(merged)).toEqual([
      { path: 'first', initial: '"mine"', description: 'Of its own.' },
      { path: 'group.inside', initial: '1', description: 'About what is inside.' },
      { path: 'group.other', initial: 'true', description: '' },
      { path: 'group.added', initial: '["x"]', description: 'More of it.' },
      { path: 'whole', initial: '{a: "text", list: [1]}', description: 'About a whole.' },
      { path: 'names', initial: '{}', description: '' },
    ]);
  });

  it('have to be values', () => {
    expect(() => mergedValues('- a\n', OWN)).toThrow('These are no values.');
    expect(() => mergedValues(COMMON, 'a: 1\na: 2\n')).toThrow('unique');
  });
});
