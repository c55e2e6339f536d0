import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawBars } from './bars.ts';
import { drawCourse } from './course.ts';
import { parseHistory } from './history.ts';
import { scaleTo } from './picture.ts';

const GROUPS = [
  {
    name: 'call <a & b>',
    bars: [
      { subject: 'strowger', value: 200, note: '2.00 ×' },
      { subject: 'kamailio', value: 100, note: '' },
    ],
  },
  { name: 'options', bars: [{ subject: 'kamailio', value: 25, note: '' }] },
];

test('the bars are as long as their values say', () => {
  const widths = [...drawBars('CPU', 'ms', GROUPS).matchAll(/class="bar \w+"[^>]* width="([\d.]+)"/g)].map(
    ([, width]) => Number(width),
  );
  assert.equal(widths.length, 3);
  const [strowger = 0, kamailio = 0, options = 0] = widths;
  assert.ok(strowger > 100);
  assert.ok(Math.abs(strowger - 2 * kamailio) < 0.3, `${strowger} is twice ${kamailio}`);
  assert.ok(Math.abs(kamailio - 4 * options) < 0.5, `${kamailio} is four times ${options}`);
});

test('each server has one colour in all drawings', () => {
  const svg = drawBars('CPU', 'ms', GROUPS);
  const course = drawCourse('CPU', 'ms', [
    {
      label: 'a1',
      values: new Map([
        ['strowger', 3],
        ['kamailio', 2],
      ]),
      note: '',
    },
  ]);
  const [strowger, kamailio] = [...svg.matchAll(/class="bar (\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(
    [...course.matchAll(/class="dot (\w+)"/g)].map(([, name]) => name),
    [strowger, kamailio],
  );
});

test('a course goes through its values: the higher, the nearer to the top', () => {
  const svg = drawCourse('CPU', 'ms', [
    { label: 'a1', values: new Map([['strowger', 300]]), note: '' },
    { label: 'b2', values: new Map([['strowger', 100]]), note: '' },
    { label: 'c3', values: new Map([['strowger', 200]]), note: '' },
  ]);
  const heights = (/polyline[^>]* points="([^"]+)"/.exec(svg)?.[1] ?? '')
    .split(' ')
    .map((at) => Number(at.split(',')[1]));
  const [first = 0, second = 0, third = 0] = heights;
  assert.ok(first < third && third < second);
  assert.ok(Math.abs(second - third - (third - first)) < 0.3, 'equal differences are equally high');
});

test('drawings are well-formed XML, whatever the names hold', () => {
  for (const svg of [
    drawBars('a < b & "c"', 'ms', GROUPS),
    drawCourse('a < b & "c"', 'ms', [{ label: '<', values: new Map([['kamailio', 1]]), note: '&' }]),
  ])
    assert.equal(faultOf(svg), undefined);
  assert.equal(faultOf('<a><b></a>'), '</a> where <b> is open');
  assert.equal(faultOf('<a>x & y</a>'), 'bare character');
});

test('a scale ends at a round number just above', () => {
  assert.deepEqual(scaleTo(268), { top: 300, step: 100 });
  assert.deepEqual(scaleTo(9), { top: 10, step: 2 });
  assert.deepEqual(scaleTo(1000), { top: 1000, step: 200 });
});

test('rows of the history are read with and without ranges', () => {
  const text =
    'date,commit\n2026-01-02,abc,call,strowger,1.50,ms,2.000\n2026-01-02,abc,call,strowger,1.50,ms,,1.00,2.00\n';
  const [short, long] = parseHistory(text);
  assert.deepEqual([short?.value, short?.ratio, short?.range], [1.5, 2, undefined]);
  assert.deepEqual([long?.commit, long?.ratio, long?.range], ['abc', undefined, [1, 2]]);
});

/** What is wrong with XML of elements, attributes and text; `undefined` when nothing is. */
function faultOf(xml: string): string | undefined {
  const open: string[] = [];
  let rest = xml.trim();
  while (rest !== '') {
    const [token = '', end, start, attributes = '', single] = TOKEN.exec(rest) ?? [];
    if (token === '') return 'bare character';
    if (end !== undefined && open.at(-1) !== end) return `</${end}> where <${open.at(-1)}> is open`;
    if (end !== undefined) open.pop();
    if (attributes !== '' && !ATTRIBUTES.test(attributes)) return `attributes ${attributes}`;
    if (start !== undefined && single !== '/') open.push(start);
    rest = rest.slice(token.length);
  }
  return open.length === 0 ? undefined : `<${open.at(-1)}> is not closed`;
}

const TOKEN = /^(?:<\/(\w+)>|<(\w+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|(?:[^<>&]|&(?:amp|lt|gt|quot);)+)/;
const ATTRIBUTES = /^(?:\s+[\w:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot);)*")*$/;
