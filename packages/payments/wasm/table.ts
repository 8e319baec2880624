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
 * Rows beyond names as WebAssembly text, over memory that threads share: `numberRows`, and what `restTable` does to sort them. All
 * addresses are given; a text's place counts from `bytes` on. Texts are read eight bytes at a time, beyond their ends as well.
 */

/** Bytes of a row's spans, and of them where its identifier, key and group stand; see `spanAt`. */
const [spanBytes, keySpan, groupSpan] = [32, 8, 16]
/** Bits of a sort key that hold the row; see `sort-rows.ts`. */
const rowBits = 24
/** Groups of rows that begin alike and are fewer are sorted by insertion. */
const few = 24

const load = (at: string, offset = 0) => `(i32.load offset=${offset} ${at})`
const load64 = (at: string) => `(i64.load ${at})`
const word = (base: string, index: string) => add(base, `(i32.shl ${index} ${i32(2)})`)
const below = (left: string, right: string) => `(i32.lt_u ${left} ${right})`
/** The address of a row's spans. */
const spansOf = (row: string) => add(get('spans'), `(i32.shl ${row} ${i32(5)})`)

/** Sets `text` to eight bytes at an address, those behind the `left` first ones 0. */
const firstBytes = (at: string, left: string) => `
  ${set('text', load64(at))}
  ${when(below(left, i32(8)), set('text', `(i64.and ${get('text')} (i64.shr_u (i64.const -1) (i64.extend_i32_u (i32.shl ${subtract(i32(8), left)} ${i32(3)}))))`))}`

/** Numbers a text of a row, from its place in the spans; -1 where it is empty. */
const numberSpan = (offset: number, to: string) => `
  ${set('from', load(get('span'), offset))} ${set('end', load(get('span'), offset + 4))}
  (i32.store ${get(to)} (if (result i32) (i32.eq ${get('from')} ${get('end')})
    (then ${i32(-1)})
    (else (call $numberOf ${get('from')} ${get('end')} ${get('kind')}))))
  ${increase(to, 4)}`

/** How `<` on strings has it: see `rank`. */
const rank = (byte: string) => `
  (if (result i32) ${below(byte, i32(0xee))}
    (then ${byte})
    (else (if (result i32) ${below(byte, i32(0xf0))} (then ${add(byte, i32(8))}) (else ${subtract(byte, i32(2))}))))`

/** A byte of a sort key: 0 where the text has ended. */
const keyByte = `
  (if (result i32) ${below(get('at'), get('end'))}
    (then ${set('byte', `(i32.load8_u ${get('at')})`)} ${add(rank(get('byte')), i32(1))})
    (else ${i32(0)}))`

/** Where the identifier of a row begins, and how long it is. */
const idOf = (row: string, start: string, length: string) => `
  ${set(start, load(spansOf(row)))}
  ${set(length, subtract(load(spansOf(row), 4), get(start)))}
  ${set(start, add(get('bytes'), get(start)))}`

/** The five bytes of a sort key, without the row. */
const isAlike = (one: string, other: string) =>
  `(i64.eqz (i64.shr_u (i64.xor ${load64(one)} ${load64(other)}) (i64.const ${rowBits})))`
const rowAt = (key: string) => `(i32.and ${load(key)} ${i32(2 ** rowBits - 1)})`

const copyColumn = (type: string, from: string, to: string, shift: number) => `
  (${type.replace('.load', '.store').replace('_u', '')} ${get(to)} (${type} ${add(get(from), shift === 0 ? get('row') : `(i32.shl ${get('row')} ${i32(shift)})`)}))
  ${increase(to, 2 ** shift)}`

/** The module's text. */
export const tableText = `(module
  (import "rows" "memory" (memory 1 65536 shared))
  ;; Slots of the table, 8 bytes each: hash, and number plus one. Where the texts of numbers begin and end, and how many there are.
  (global $slots (mut i32) ${i32(0)})
  (global $mask (mut i32) ${i32(0)})
  (global $starts (mut i32) ${i32(0)})
  (global $ends (mut i32) ${i32(0)})
  (global $bytes (mut i32) ${i32(0)})
  (global $count (mut i32) ${i32(0)})

  ;; A hash of a text, whose lowest bit is 0.
  (func $hash ${parameters('at', 'length')} (result i32)
    (local $sum i64) (local $text i64)
    ${set('sum', `(i64.mul (i64.extend_i32_u ${get('length')}) (i64.const 0x9e3779b97f4a7c15))`)}
    ${loopWhile(
      'words',
      `(i32.gt_s ${get('length')} ${i32(0)})`,
      firstBytes(get('at'), get('length')),
      set('sum', `(i64.mul (i64.xor ${get('sum')} ${get('text')}) (i64.const 0x9fb21c651e98df25))`),
      set('sum', `(i64.xor ${get('sum')} (i64.shr_u ${get('sum')} (i64.const 32)))`),
      increase('at', 8),
      increase('length', -8),
    )}
    (i32.and (i32.wrap_i64 (i64.shr_u (i64.mul ${get('sum')} (i64.const 0x9fb21c651e98df25)) (i64.const 32))) ${i32(-2)}))

  ;; Whether texts of one length are the same.
  (func $isSame ${parameters('one', 'other', 'length')} (result i32)
    (local $text i64)
    ${loopWhile(
      'words',
      `(i32.gt_s ${get('length')} ${i32(8)})`,
      when(`(i64.ne ${load64(get('one'))} ${load64(get('other'))})`, `(return ${i32(0)})`),
      increase('one', 8),
      increase('other', 8),
      increase('length', -8),
    )}
    ${when(`(i32.eqz ${get('length')})`, `(return ${i32(1)})`)}
    (i64.eqz (i64.shl
      (i64.xor ${load64(get('one'))} ${load64(get('other'))})
      (i64.extend_i32_u (i32.shl ${subtract(i32(8), get('length'))} ${i32(3)})))))

  ;; The number of a text; those of another kind, 0 or 1, have others.
  (func $numberOf ${parameters('from', 'end', 'kind')} (result i32)
    ${locals('i32', 'hash', 'place', 'slot', 'known', 'number')}
    ${set('hash', `(i32.or (call $hash ${add('(global.get $bytes)', get('from'))} ${subtract(get('end'), get('from'))}) ${get('kind')})`)}
    ${set('place', `(i32.and (i32.shl ${get('hash')} ${i32(2)}) (global.get $mask))`)}
    (block $free (loop $slots
      ${set('slot', add('(global.get $slots)', get('place')))}
      ${set('number', subtract(load(get('slot'), 4), i32(1)))}
      (br_if $free (i32.lt_s ${get('number')} ${i32(0)}))
      ${when(
        `(i32.eq ${load(get('slot'))} ${get('hash')})`,
        set('known', load(word('(global.get $starts)', get('number')))),
        when(
          `(i32.eq ${subtract(load(word('(global.get $ends)', get('number'))), get('known'))} ${subtract(get('end'), get('from'))})`,
          when(
            `(call $isSame ${add('(global.get $bytes)', get('known'))} ${add('(global.get $bytes)', get('from'))} ${subtract(get('end'), get('from'))})`,
            `(return ${get('number')})`,
          ),
        ),
      )}
      ${set('place', `(i32.and ${add(get('place'), i32(8))} (global.get $mask))`)}
      (br $slots)))
    ${set('number', '(global.get $count)')}
    (global.set $count ${add(get('number'), i32(1))})
    (i32.store ${get('slot')} ${get('hash')})
    (i32.store offset=4 ${get('slot')} (global.get $count))
    (i32.store ${word('(global.get $starts)', get('number'))} ${get('from')})
    (i32.store ${word('(global.get $ends)', get('number'))} ${get('end')})
    ${get('number')})

  ;; Numbers keys and groups of $rows rows, and then references; gives how many numbers there are. The last slot is at $mask.
  (func (export "number") ${parameters('bytes', 'spans', 'amounts', 'rows', 'tokens', 'references', 'slots', 'mask', 'starts', 'ends', 'keysOut', 'groupsOut', 'out')} (result i32)
    ${locals('i32', 'span', 'end', 'from', 'kind', 'last')}
    (global.set $bytes ${get('bytes')}) (global.set $slots ${get('slots')}) (global.set $mask ${get('mask')})
    (global.set $starts ${get('starts')}) (global.set $ends ${get('ends')}) (global.set $count ${i32(0)})
    ${set('span', get('spans'))} ${set('last', spansOf(get('rows')))}
    ${loopWhile(
      'rows',
      below(get('span'), get('last')),
      set('kind', `(f64.lt (f64.load ${get('amounts')}) (f64.const 0))`),
      numberSpan(keySpan, 'keysOut'),
      numberSpan(groupSpan, 'groupsOut'),
      increase('span', spanBytes),
      increase('amounts', 8),
    )}
    ${set('last', add(get('tokens'), `(i32.shl ${get('references')} ${i32(3)})`))}
    ${loopWhile(
      'references',
      below(get('tokens'), get('last')),
      `(i32.store ${get('out')} (call $numberOf ${load(get('tokens'))} ${load(get('tokens'), 4)} ${i32(0)}))`,
      increase('tokens', 8),
      increase('out', 4),
    )}
    (global.get $count))

  ;; How many bytes the identifiers of rows begin with alike.
  (func $common ${parameters('bytes', 'spans', 'row', 'end')} (result i32)
    ${locals('i32', 'first', 'start', 'length', 'at', 'common')} (local $text i64)
    ${idOf(get('row'), 'first', 'common')}
    ${loopWhile(
      'rows',
      below(get('row'), get('end')),
      idOf(get('row'), 'start', 'length'),
      when(below(get('length'), get('common')), set('common', get('length'))),
      set('at', i32(0)),
      loopWhile(
        'texts',
        below(get('at'), get('common')),
        set('text', `(i64.xor ${load64(add(get('first'), get('at')))} ${load64(add(get('start'), get('at')))})`),
        set('at', add(get('at'), `(i32.shr_u (i32.wrap_i64 (i64.ctz ${get('text')})) ${i32(3)})`)),
        when(
          `(i64.ne ${get('text')} (i64.const 0))`,
          when(below(get('at'), get('common')), set('common', get('at'))),
          set('at', get('common')),
        ),
      ),
      increase('row', 1),
    )}
    ${get('common')})

  ;; Writes a number for each row from $row to before $end: five bytes of its identifier, behind what all begin with, and its place.
  (func (export "keys") ${parameters('bytes', 'spans', 'row', 'end', 'out')}
    ${locals('i32', 'common', 'at', 'length', 'high', 'byte', 'place', 'last')}
    ${set('last', get('end'))}
    ${when(below(get('row'), get('end')), set('common', `(call $common ${get('bytes')} ${get('spans')} ${get('row')} ${get('end')})`))}
    ${loopWhile(
      'rows',
      below(get('row'), get('last')),
      idOf(get('row'), 'at', 'length'),
      set('end', add(get('at'), get('length'))),
      set('at', add(get('at'), get('common'))),
      set('high', i32(0)),
      ...Array.from({ length: 4 }, () => [
        set('high', `(i32.or (i32.shl ${get('high')} ${i32(8)}) ${keyByte})`),
        increase('at', 1),
      ]).flat(),
      `(i32.store offset=4 ${get('out')} ${get('high')})`,
      `(i32.store ${get('out')} (i32.or (i32.shl ${keyByte} ${i32(rowBits)}) ${get('place')}))`,
      increase('out', 8),
      increase('place', 1),
      increase('row', 1),
    )})

  ;; How the identifiers of two rows compare, as < has it; of equal ones the row that came first.
  (func $compare ${parameters('bytes', 'spans', 'one', 'other')} (result i32)
    ${locals('i32', 'left', 'right', 'leftLength', 'rightLength', 'length', 'at', 'byte')} (local $text i64)
    ${idOf(get('one'), 'left', 'leftLength')}
    ${idOf(get('other'), 'right', 'rightLength')}
    ${set('length', `(select ${get('leftLength')} ${get('rightLength')} ${below(get('leftLength'), get('rightLength'))})`)}
    (block $even ${loopWhile(
      'words',
      below(get('at'), get('length')),
      set('text', `(i64.xor ${load64(add(get('left'), get('at')))} ${load64(add(get('right'), get('at')))})`),
      when(
        `(i64.ne ${get('text')} (i64.const 0))`,
        increase('at', `(i32.shr_u (i32.wrap_i64 (i64.ctz ${get('text')})) ${i32(3)})`),
        `(br_if $even (i32.ge_u ${get('at')} ${get('length')}))`,
        set('byte', `(i32.load8_u ${add(get('left'), get('at'))})`),
        set('left', rank(get('byte'))),
        set('byte', `(i32.load8_u ${add(get('right'), get('at'))})`),
        `(return ${subtract(get('left'), rank(get('byte')))})`,
      ),
      increase('at', 8),
    )})
    ${when(`(i32.ne ${get('leftLength')} ${get('rightLength')})`, `(return ${subtract(get('leftLength'), get('rightLength'))})`)}
    ${subtract(get('one'), get('other'))})

  ;; Writes the rows of sorted keys in order, from the $at th of $count on, rows that begin alike by their identifiers. It stops where
  ;; too many do, which are written as they stand; gives where that is.
  (func (export "order") ${parameters('bytes', 'spans', 'begin', 'keys', 'at', 'count', 'out')} (result i32)
    ${locals('i32', 'next', 'place', 'row', 'before')}
    (block $stop ${loopWhile(
      'groups',
      below(get('at'), get('count')),
      set('next', get('at')),
      loopWhile(
        'alike',
        `(if (result i32) ${below(get('next'), get('count'))}
          (then ${isAlike(add(get('keys'), `(i32.shl ${get('at')} ${i32(3)})`), add(get('keys'), `(i32.shl ${get('next')} ${i32(3)})`))})
          (else ${i32(0)}))`,
        `(i32.store ${word(get('out'), get('next'))} ${add(get('begin'), rowAt(add(get('keys'), `(i32.shl ${get('next')} ${i32(3)})`)))})`,
        increase('next', 1),
      ),
      `(br_if $stop (i32.gt_u ${subtract(get('next'), get('at'))} ${i32(few)}))`,
      set('place', add(get('at'), i32(1))),
      loopWhile(
        'places',
        below(get('place'), get('next')),
        set('row', load(word(get('out'), get('place')))),
        set('before', word(get('out'), get('place'))),
        loopWhile(
          'insert',
          `(if (result i32) (i32.gt_u ${get('before')} ${word(get('out'), get('at'))})
            (then (i32.gt_s (call $compare ${get('bytes')} ${get('spans')} ${load(subtract(get('before'), i32(4)))} ${get('row')}) ${i32(0)}))
            (else ${i32(0)}))`,
          `(i32.store ${get('before')} ${load(subtract(get('before'), i32(4)))})`,
          increase('before', -4),
        ),
        `(i32.store ${get('before')} ${get('row')})`,
        increase('place', 1),
      ),
      set('at', get('next')),
    )})
    ${get('at')})

  ;; Whether a row has the identifier of the one before it, in an order of $count rows.
  (func (export "hasRepeated") ${parameters('bytes', 'spans', 'order', 'count')} (result i32)
    ${locals('i32', 'at', 'start', 'length', 'before', 'lengthBefore')}
    ${loopWhile(
      'rows',
      below(get('at'), get('count')),
      idOf(load(word(get('order'), get('at'))), 'start', 'length'),
      when(
        `(i32.and (i32.eq ${get('length')} ${get('lengthBefore')}) (i32.ne ${get('at')} ${i32(0)}))`,
        when(`(call $isSame ${get('before')} ${get('start')} ${get('length')})`, `(return ${i32(1)})`),
      ),
      set('before', get('start')),
      set('lengthBefore', get('length')),
      increase('at', 1),
    )}
    ${i32(0)})

  ;; Copies columns of rows, in an order of $count rows.
  (func (export "arrange") ${parameters('order', 'count', 'ofOurs', 'amounts', 'currencies', 'days', 'spans', 'amountsTo', 'currenciesTo', 'daysTo', 'spansTo', 'isOursTo')}
    ${locals('i32', 'end', 'row', 'span')}
    ${set('end', word(get('order'), get('count')))}
    ${loopWhile(
      'rows',
      below(get('order'), get('end')),
      set('row', load(get('order'))),
      copyColumn('f64.load', 'amounts', 'amountsTo', 3),
      copyColumn('i32.load16_u', 'currencies', 'currenciesTo', 1),
      copyColumn('i32.load', 'days', 'daysTo', 2),
      set('span', spansOf(get('row'))),
      `(v128.store ${get('spansTo')} (v128.load ${get('span')}))`,
      `(v128.store offset=16 ${get('spansTo')} (v128.load offset=16 ${get('span')}))`,
      increase('spansTo', spanBytes),
      `(i32.store8 ${get('isOursTo')} ${below(get('row'), get('ofOurs'))})`,
      increase('isOursTo', 1),
      increase('order', 4),
    )})

  ;; Copies one column of 32 bits, in an order of $count rows.
  (func (export "pick") ${parameters('order', 'count', 'from', 'to')}
    ${locals('i32', 'end', 'row')}
    ${set('end', word(get('order'), get('count')))}
    ${loopWhile('rows', below(get('order'), get('end')), set('row', load(get('order'))), copyColumn('i32.load', 'from', 'to', 2), increase('order', 4))})
)
`
