/**
 * The inner loops of the content-defined chunkers as WebAssembly text. Each looks at bytes `from` to `to` in memory and
 * returns the position after the byte at which a chunk may end, or 0 when there is none; the hash is kept in a global.
 *
 * Memory: 0 Gear's table (256 × u32) · 4096 Rabin's `out` table (256 × u64) · 8192 Rabin's `mod` table (256 × u64) ·
 * 65536 input.
 */

const step = `
  (local.set $digest (i64.or (i64.shl (local.get $digest) (i64.const 8)) (i64.load8_u (local.get $at))))
  (local.set $digest (i64.xor (local.get $digest)
    (i64.load offset=8192 (i32.shl (i32.wrap_i64 (i64.shr_u (local.get $digest) (i64.const 53))) (i32.const 3)))))
  (local.set $at (i32.add (local.get $at) (i32.const 1)))`

const gearStep = (offset: number) => `
  (local.set $hash (i32.add (i32.shl (local.get $hash) (i32.const 1))
    (i32.load (i32.shl (i32.load8_u offset=${offset} (local.get $at)) (i32.const 2)))))
  (if (i32.eqz (i32.and (local.get $hash) (local.get $mask))) (then
    (global.set $gear (local.get $hash)) (return (i32.add (local.get $at) (i32.const ${offset + 1})))))`

/** The module's text. */
export const chunkersText = `(module
  (memory (export "memory") 18)
  (global $gear (mut i32) (i32.const 0))
  (global $rabin (mut i64) (i64.const 0))

  (func (export "reset") (global.set $gear (i32.const 0)) (global.set $rabin (i64.const 0)))

  ;; Gear: the hash is shifted by one bit per byte, so a byte is forgotten after 32.
  (func (export "gear") (param $from i32) (param $to i32) (param $mask i32) (result i32)
    (local $at i32) (local $hash i32)
    (local.set $at (local.get $from))
    (local.set $hash (global.get $gear))
    (block $tail (loop $four
      (br_if $tail (i32.gt_u (i32.add (local.get $at) (i32.const 4)) (local.get $to)))
      ${[0, 1, 2, 3].map(gearStep).join('')}
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br $four)))
    (block $done (loop $one
      (br_if $done (i32.ge_u (local.get $at) (local.get $to)))
      ${gearStep(0)}
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $one)))
    (global.set $gear (local.get $hash))
    (i32.const 0))

  ;; Rabin, the first 64 bytes: nothing leaves the window yet, and no chunk may end here.
  (func (export "rabinFill") (param $from i32) (param $to i32)
    (local $at i32) (local $digest i64)
    (local.set $at (local.get $from))
    (local.set $digest (global.get $rabin))
    (block $done (loop $each
      (br_if $done (i32.ge_u (local.get $at) (local.get $to)))
      ${step}
      (br $each)))
    (global.set $rabin (local.get $digest)))

  ;; Rabin over a window of 64 bytes: the byte that leaves stands 64 before.
  (func (export "rabin") (param $from i32) (param $to i32) (param $mask i64) (result i32)
    (local $at i32) (local $digest i64)
    (local.set $at (local.get $from))
    (local.set $digest (global.get $rabin))
    (block $done (loop $each
      (br_if $done (i32.ge_u (local.get $at) (local.get $to)))
      (local.set $digest (i64.xor (local.get $digest)
        (i64.load offset=4096 (i32.shl (i32.load8_u (i32.sub (local.get $at) (i32.const 64))) (i32.const 3)))))
      ${step}
      (if (i64.eqz (i64.and (local.get $digest) (local.get $mask))) (then
        (global.set $rabin (local.get $digest)) (return (local.get $at))))
      (br $each)))
    (global.set $rabin (local.get $digest))
    (i32.const 0))

  (func (export "rabinIsCut") (param $mask i64) (result i32)
    (i64.eqz (i64.and (global.get $rabin) (local.get $mask)))))
`
