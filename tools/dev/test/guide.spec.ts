import { describe, expect, it } from '@jest/globals';
import { missingLine, stepsOf } from './guide.ts';

const GUIDE = `# A guide

\`\`\`sh
make serve
\`\`\`

Then:

\`\`\`sh
call it
call it again
\`\`\`

\`\`\`json
{ "id": "…" }
\`\`\`

and as well

\`\`\`text
done
\`\`\`

\`\`\`sh fails
call it wrongly
\`\`\`

\`\`\`mermaid
flowchart
\`\`\`
`;

describe('stepsOf', () => {
  it('finds the commands of a guide in order, with what they show', () => {
    expect(stepsOf(GUIDE)).toEqual([
      { line: 3, commands: 'make serve\n', shown: '', fails: false },
      { line: 9, commands: 'call it\ncall it again\n', shown: '{ "id": "…" }\ndone\n', fails: false },
      { line: 24, commands: 'call it wrongly\n', shown: '', fails: true },
    ]);
  });
});

describe('missingLine', () => {
  const output = '{\n  "id": "ord_1",\n  "state": "placed",\n  "total": 100,\n  "lines": []\n}\n';

  it.each([['{\n"id": "ord_…",\n…\n"total": 100,\n…\n}\n'], ['"state": "placed"'], ['']])(
    'is none if the output has all lines, in order: %j',
    (shown) => {
      expect(missingLine(shown, output)).toBeUndefined();
    },
  );

  it.each([
    ['"state": "paid"', '"state": "paid"'],
    ['"total": 100,\n"state": "placed",', '"state": "placed",'],
    ['"id": "ord.1"', '"id": "ord.1"'],
    ['"id": "ord_…" "placed"', '"id": "ord_…" "placed"'],
    ['"state"\n"state"', '"state"'],
  ])('is the one that is not there: %j', (shown, missing) => {
    expect(missingLine(shown, output)).toBe(missing);
  });
});
