import { describe, expect, it } from '@jest/globals';
import { classMark } from './class-mark.ts';

const colours = classMark<string>('colour');

function Colour(colour: string): ClassDecorator {
  return (target) => colours.on(target, colour);
}

@Colour('red')
class Car {}

class SportsCar extends Car {}

describe('a mark', () => {
  it('keeps the value a class was marked with', () => {
    expect(colours.of(Car)).toBe('red');
  });

  it.each([[SportsCar], [new Car()], [{}], [undefined], [null], ['Car']])('is not on %p', (type) => {
    expect(colours.of(type)).toBeUndefined();
  });

  it('cannot be changed', () => {
    expect(() => colours.on(Car, 'blue')).toThrow('Symbol(gantry:colour)');
    expect(colours.of(Car)).toBe('red');
  });

  it('may be put on a subclass again', () => {
    @Colour('green')
    class Van extends Car {}
    expect([colours.of(Van), colours.of(Car)]).toEqual(['green', 'red']);
  });

  it('may be undefined or null, and is neither seen nor taken for another of the same name', () => {
    const others = classMark<string | null>('colour');
    others.on(Car, null);
    expect([others.of(Car), colours.of(Car)]).toEqual([null, 'red']);
    expect(Object.keys(Car)).toEqual([]);
  });
});
