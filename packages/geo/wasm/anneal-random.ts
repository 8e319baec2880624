import { add, get, i32, locals, set } from '../../../scripts/wasm/text.ts'
import { f64, global, number, numberAt, product, setGlobal, setting, whole, word, wordAt } from './anneal-layout.ts'

/** Chance as `RandomStream` has it: the same numbers one after the other. */
export const randomText = `
  (global $a (export "a") (mut i32) ${i32(0)})
  (global $b (export "b") (mut i32) ${i32(0)})
  (global $c (export "c") (mut i32) ${i32(0)})
  (global $counter (export "counter") (mut i32) ${i32(0)})

  (func $word (result i32) ${locals('i32', 'sum')}
    ${set('sum', add(add(global('a'), global('b')), global('counter')))}
    ${setGlobal('counter', add(global('counter'), i32(1)))}
    ${setGlobal('a', `(i32.xor ${global('b')} (i32.shr_u ${global('b')} ${i32(9)}))`)}
    ${setGlobal('b', add(global('c'), `(i32.shl ${global('c')} ${i32(3)})`))}
    ${setGlobal('c', add(`(i32.rotl ${global('c')} ${i32(21)})`, get('sum')))}
    ${get('sum')})

  ;; From 0 (included) to 1 (excluded).
  (func $fraction (result f64)
    ${product('(f64.convert_i32_u (call $word))', f64(2 ** -32))})

  (func $below (param $bound i32) (result i32)
    ${whole(product('(call $fraction)', `(f64.convert_i32_s ${get('bound')})`))})

  (func $exponential (result f64)
    ${number(numberAt(setting('exponentials'), `(i32.shr_u (call $word) ${i32(20)})`))})

  (func $gap (result i32)
    ${word(wordAt(setting('gaps'), `(i32.shr_u (call $word) ${i32(20)})`))})`
