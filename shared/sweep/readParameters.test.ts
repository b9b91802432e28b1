import { describe, expect, it } from 'vitest';
import { expandGrid, readAxis } from './expandGrid.ts';
import { readParameters } from './readParameters.ts';

const read = (text: string) => readParameters(text, 'params.csv');

describe('a table of parameters', () => {
  it('has names first, then a job a line; quotes, blanks, empty lines and a mark at its begin do not matter', () => {
    expect(read('\uFEFFthreads, seed\r\n1,42\r\n\r\n"2","a,b" \n')).toEqual({
      parameters: ['threads', 'seed'],
      rows: [
        ['1', '42'],
        ['2', 'a,b'],
      ],
    });
    expect(read('seed\n1\n2')).toEqual({ parameters: ['seed'], rows: [['1'], ['2']] });
    expect(read('a;b\n1,5;2')).toEqual({ parameters: ['a', 'b'], rows: [['1,5', '2']] });
    expect(read('a\tb\n"x\ny"\t')).toEqual({ parameters: ['a', 'b'], rows: [['x\ny', '']] });
  });

  it.each([
    ['', 'params.csv:1: There is nothing in it.'],
    ['\n\na,b', 'params.csv:3: There are parameters and no job.'],
    ['a,b\n1,2\n\n3', 'params.csv:4: There is 1 value for 2 parameters.'],
    ['a,b\n"x\ny",1\n1,2,3', 'params.csv:4: There are 3 values for 2 parameters.'],
    ['a,b\n1,"2\n3,4', 'params.csv:2: A quote is opened and never closed.'],
    ['a,1b\n1,2', 'params.csv:1: “1b” is no name of a parameter.'],
    ['a,\n1,2', 'params.csv:1: Column 2 has no name.'],
    ['a,a\n1,2', 'params.csv:1: There are two parameters called a.'],
    ['a\nx\0y', 'params.csv:2: The value of a has a zero byte in it.'],
    [`a\n${'x'.repeat(10_001)}`, 'params.csv:2: The value of a has 10001 characters.'],
    [`a\n${'1\n'.repeat(10_001)}`, 'params.csv: That makes 10,001 jobs.'],
  ])('of %j is refused, with the place', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid-input', message }) as Error);
  });
});

describe('a grid', () => {
  const axis = (text: string) => readAxis(text, '--grid');

  it('has lists, ranges and ranges with a step, without drift', () => {
    expect(axis('threads=1,2,4')).toEqual({ name: 'threads', values: ['1', '2', '4'] });
    expect(axis('seed = 1..3, 10')).toEqual({ name: 'seed', values: ['1', '2', '3', '10'] });
    expect(axis('x=0..1..0.1').values).toEqual('0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0'.split(' '));
    expect(axis('x=3..1').values).toEqual(['3', '2', '1']);
    expect(axis('x=-1..1..0.5').values).toEqual(['-1.0', '-0.5', '0.0', '0.5', '1.0']);
    expect(axis('file=a..b,v1.2').values).toEqual(['a..b', 'v1.2']);
    expect(axis('e=k=v').values).toEqual(['k=v']);
  });

  it('makes all combinations, those of its last axis next to each other, also with a table', () => {
    expect(expandGrid([axis('a=1,2'), axis('b=x,y')])).toEqual({
      parameters: ['a', 'b'],
      rows: [
        ['1', 'x'],
        ['1', 'y'],
        ['2', 'x'],
        ['2', 'y'],
      ],
    });
    expect(expandGrid([axis('b=x,y')], { parameters: ['a'], rows: [['1'], ['2']] }).rows).toHaveLength(4);
  });

  it.each([
    ['threads', '--grid threads: That is no axis of a grid.'],
    ['=1', '--grid =1: That is no axis of a grid.'],
    ['a b=1', '--grid a b=1: “a b” is no name of a parameter.'],
    ['a=1,,2', '--grid a=1,,2: A value is missing.'],
    ['a=', '--grid a=: A value is missing.'],
    ['a=1..x', '--grid a=1..x: 1..x is no range of numbers.'],
    ['a=1..5..', '--grid a=1..5..: 1..5.. is no range of numbers.'],
    ['a=1..5..0', '--grid a=1..5..0: 1..5..0 leads nowhere.'],
    ['a=1..5..-1', '--grid a=1..5..-1: 1..5..-1 leads nowhere.'],
    ['a=1,2,1', '--grid a=1,2,1: The value 1 is there twice.'],
    ['a=1..99999999', '--grid a=1..99999999: That makes 99,999,999 jobs.'],
  ])('axis %j is refused', (text, message) => {
    expect(() => axis(text)).toThrow(expect.objectContaining({ code: 'invalid-input', message }) as Error);
  });

  it('of too many jobs, of none, and with a name twice is refused', () => {
    const hundred = axis('a=1..101');
    expect(() => expandGrid([hundred, { ...hundred, name: 'b' }])).toThrow('That makes 10,201 jobs.');
    expect(() => expandGrid([])).toThrow('There is no parameter.');
    expect(() => expandGrid([axis('a=1')], { parameters: ['a'], rows: [['1']] })).toThrow(
      'There are two parameters called a.',
    );
  });
});
