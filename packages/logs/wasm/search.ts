import {
  add,
  get,
  i32,
  increase,
  locals,
  loopWhile,
  parameters,
  set,
  subtract,
  when,
} from '../../../scripts/wasm/text.ts'

/**
 * What is searched for in the values of a column, as WebAssembly text: where they end, and where a text stands in them. Sixteen
 * bytes are looked at at once. The text is found by its first and its last byte, and compared where both are; a byte of the
 * column counts with the bits of a mask set, so that letters are found in either case.
 *
 * Memory: 0 the text that is looked for · 4096 its masks, a byte each · 8192 ends of values (u32) · 270336 the column, with
 * sixteen bytes behind it that are no newline.
 */

const masks = 4_096
const newline = 10

const ends = `
  (func (export "ends") ${parameters('at', 'end', 'to', 'last')} (result i32)
    ${locals('i32', 'found', 'first')} ${locals('v128', 'newlines')}
    ${set('newlines', `(i8x16.splat ${i32(newline)})`)}
    ${set('first', get('at'))}
    (block $full
      ${loopWhile(
        'sixteen',
        `(i32.lt_u ${get('at')} ${get('end')})`,
        set('found', `(i8x16.bitmask (i8x16.eq (v128.load ${get('at')}) ${get('newlines')}))`),
        loopWhile(
          'each',
          get('found'),
          `(br_if $full (i32.ge_u ${get('to')} ${get('last')}))`,
          `(i32.store ${get('to')} ${add(subtract(add(get('at'), `(i32.ctz ${get('found')})`), get('first')), i32(1))})`,
          increase('to', 4),
          set('found', `(i32.and ${get('found')} ${subtract(get('found'), i32(1))})`),
        ),
        increase('at', 16),
      )})
    ${get('to')})`

const byteOf = (value: string) => `(i32.or (i32.load8_u ${value}) (i32.load8_u offset=${masks} ${get('index')}))`
const bytesOf = (value: string, mask: string) => `(v128.or (v128.load ${value}) ${get(mask)})`
const splatOf = (place: string, offset = 0) => `(v128.load8_splat offset=${offset} ${place})`

/** The place of the first from `at` on; `end` where there is none. */
const find = `
  (func (export "find") ${parameters('at', 'end', 'length')} (result i32)
    ${locals('i32', 'found', 'place', 'index', 'last', 'stop')}
    ${locals('v128', 'firstByte', 'lastByte', 'firstMask', 'lastMask')}
    ${set('last', subtract(get('length'), i32(1)))}
    ${set('stop', subtract(get('end'), get('last')))}
    ${set('firstByte', splatOf(i32(0)))} ${set('lastByte', splatOf(get('last')))}
    ${set('firstMask', splatOf(i32(0), masks))} ${set('lastMask', splatOf(get('last'), masks))}
    ${loopWhile(
      'sixteen',
      `(i32.lt_s ${get('at')} ${get('stop')})`,
      set(
        'found',
        `(i8x16.bitmask (v128.and (i8x16.eq ${bytesOf(get('at'), 'firstMask')} ${get('firstByte')})
          (i8x16.eq ${bytesOf(add(get('at'), get('last')), 'lastMask')} ${get('lastByte')})))`,
      ),
      loopWhile(
        'each',
        get('found'),
        set('place', add(get('at'), `(i32.ctz ${get('found')})`)),
        `(br_if $sixteenEnd (i32.ge_s ${get('place')} ${get('stop')}))`,
        set('index', i32(1)),
        loopWhile(
          'compare',
          `(i32.and (i32.lt_u ${get('index')} ${get('last')})
            (i32.eq ${byteOf(add(get('place'), get('index')))} (i32.load8_u ${get('index')})))`,
          increase('index', 1),
        ),
        when(`(i32.ge_u ${get('index')} ${get('last')})`, `(return ${get('place')})`),
        set('found', `(i32.and ${get('found')} ${subtract(get('found'), i32(1))})`),
      ),
      increase('at', 16),
    )}
    ${get('end')})`

/** 270336 bytes before the column, and 1 MiB for it. */
export const searchText = `(module (memory (export "memory") 21 21) ${ends} ${find})`
