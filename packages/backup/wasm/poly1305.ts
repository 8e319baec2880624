/**
 * Poly1305 (RFC 8439, section 2.5) as WebAssembly text: five limbs of 26 bits, two blocks at a time in the lanes of a
 * vector where there are enough of them. The polynomial's value h is kept between calls, so that a message may come in pieces.
 *
 * Memory: 0 r (5 × i64) · 64 r² (5 × i64) · 128 h (5 × i64) · 192 tag (16 bytes) · 1024 input.
 */

const limbs = [0, 1, 2, 3, 4]
const mask = '0x3ffffff'

/** The terms of limb `i` of h × r modulo 2¹³⁰ − 5: what overflows comes back five times. */
function product(i: number, term: (h: number, factor: string) => string, add: string): string {
  return limbs
    .map((j) => term(j, j <= i ? `r${i - j}` : `s${i - j + 5}`))
    .reduce((sum, each) => `(${add} ${sum} ${each})`)
}

/** Carries d0…d4 into h0…h4: one pass and a second step for what came round. */
function carry({ type, get, set }: { readonly type: string; readonly get: string; readonly set: string }): string {
  const constant = (value: string) => (type === 'i64' ? `(i64.const ${value})` : `(i64x2.splat (i64.const ${value}))`)
  const and = (value: string) => `(${type === 'i64' ? 'i64' : 'v128'}.and ${value} ${constant(mask)})`
  const shift = (value: string) =>
    type === 'i64' ? `(i64.shr_u ${value} (i64.const 26))` : `(i64x2.shr_u ${value} (i32.const 26))`
  const local = (name: string) => `(local.get ${get}${name})`
  const steps = limbs.slice(0, 4).map(
    (i) => `(local.set ${set}d${i + 1} (${type}.add ${local(`d${i + 1}`)} ${shift(local(`d${i}`))}))
      (local.set ${set}h${i} ${and(local(`d${i}`))})`,
  )
  const top = shift(local('d4'))
  const fivefold =
    type === 'i64' ? `(i64.mul ${top} (i64.const 5))` : `(i64x2.add ${top} (i64x2.shl ${top} (i32.const 2)))`
  return `${steps.join('\n')}
    (local.set ${set}h4 ${and(local('d4'))})
    (local.set ${set}h0 (${type}.add ${local('h0')} ${fivefold}))
    (local.set ${set}h1 (${type}.add ${local('h1')} ${shift(local('h0'))}))
    (local.set ${set}h0 ${and(local('h0'))})`
}

const scalarCarry = carry({ type: 'i64', get: '$', set: '$' })
const vectorCarry = carry({ type: 'i64x2', get: '$v', set: '$v' })

/** h = h × r for one lane. */
const multiply = `${limbs.map((i) => `(local.set $d${i} ${product(i, (j, r) => `(i64.mul (local.get $h${j}) (local.get $${r}))`, 'i64.add')})`).join('\n')}
  ${scalarCarry}`

/** h = h × (factor lanes) for both lanes; the limbs fit 32 bits, so a product of 32 by 32 bits does. */
const multiplyVector = `${limbs.map((i) => `(local.set $p${i} (i8x16.shuffle 0 1 2 3 8 9 10 11 0 1 2 3 8 9 10 11 (local.get $vh${i}) (local.get $vh${i})))`).join('\n')}
  ${limbs.map((i) => `(local.set $vd${i} ${product(i, (j, r) => `(i64x2.extmul_low_i32x4_u (local.get $p${j}) (local.get $v${r}))`, 'i64x2.add')})`).join('\n')}
  ${vectorCarry}`

/** Adds the block at $at, whose limbs begin at bits 0, 26, 52, 78 and 104. */
const addBlock = limbs
  .map((i) => {
    const part = `(i64.shr_u (i64.load32_u offset=${i * 3} (local.get $at)) (i64.const ${i * 2}))`
    const limb = i === 4 ? `(i64.or ${part} (local.get $high))` : `(i64.and ${part} (i64.const ${mask}))`
    return `(local.set $h${i} (i64.add (local.get $h${i}) ${limb}))`
  })
  .join('\n')

/** Adds two neighbouring blocks, one per lane: their low and high halves are paired first. */
const addPair = `
  (local.set $a (v128.load (local.get $at))) (local.set $b (v128.load offset=16 (local.get $at)))
  (local.set $low (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b)))
  (local.set $top (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $b)))
  ${[
    '(v128.and (local.get $low) (local.get $mask))',
    '(v128.and (i64x2.shr_u (local.get $low) (i32.const 26)) (local.get $mask))',
    '(v128.and (v128.or (i64x2.shr_u (local.get $low) (i32.const 52)) (i64x2.shl (local.get $top) (i32.const 12))) (local.get $mask))',
    '(v128.and (i64x2.shr_u (local.get $top) (i32.const 14)) (local.get $mask))',
    '(v128.or (i64x2.shr_u (local.get $top) (i32.const 40)) (i64x2.splat (i64.const 0x1000000)))',
  ]
    .map((limb, i) => `(local.set $vh${i} (i64x2.add (local.get $vh${i}) ${limb}))`)
    .join('\n')}
  (local.set $at (i32.add (local.get $at) (i32.const 32)))`

const declare = (names: readonly string[], type: string) => names.map((name) => `(local $${name} ${type})`).join(' ')
const five = (prefix: string) => limbs.map((i) => `${prefix}${i}`)
const load = (prefix: string, base: number) =>
  limbs.map((i) => `(local.set $${prefix}${i} (i64.load offset=${base + 8 * i} (i32.const 0)))`).join('\n')
const store = (prefix: string, base: number) =>
  limbs.map((i) => `(i64.store offset=${base + 8 * i} (i32.const 0) (local.get $${prefix}${i}))`).join('\n')
const fold = limbs
  .slice(1)
  .map((i) => `(local.set $s${i} (i64.mul (local.get $r${i}) (i64.const 5)))`)
  .join('\n')

/** Factors for both lanes as 32-bit values in the low half: `first` for lane 0, `second` for lane 1. */
const lanes = (first: number, second: number) =>
  limbs
    .map((i) => {
      const value = `(i64.or (i64.load offset=${first + 8 * i} (i32.const 0)) (i64.shl (i64.load offset=${second + 8 * i} (i32.const 0)) (i64.const 32)))`
      const vector = `(local.set $vr${i} (i64x2.splat ${value}))`
      return i === 0
        ? vector
        : `${vector} (local.set $vs${i} (i32x4.mul (local.get $vr${i}) (i32x4.splat (i32.const 5))))`
    })
    .join('\n')

/** The module's text. */
export const poly1305Text = `(module
  (memory (export "memory") 2)

  ;; Takes 16 clamped bytes of r at 1024.
  (func (export "begin") ${declare([...five('h'), ...five('d'), ...five('r'), ...five('s').slice(1), 'high'], 'i64')} (local $at i32)
    (local.set $at (i32.const 1024))
    ${addBlock}
    ${store('h', 0)}
    ${load('r', 0)} ${fold} ${multiply}
    ${store('h', 64)}
    ${five('h')
      .map((name) => `(local.set $${name} (i64.const 0))`)
      .join(' ')}
    ${store('h', 128)})

  ;; Takes whole blocks from 1024 on. $high is 2²⁴ for whole blocks, 0 for a last one that was padded with 1 and zeros.
  (func (export "update") (param $bytes i32) (param $high i64)
    ${declare([...five('h'), ...five('d'), ...five('r'), ...five('s').slice(1)], 'i64')} (local $at i32) (local $end i32)
    ${declare([...five('vh'), ...five('vd'), ...five('vr'), ...five('vs').slice(1), ...five('p'), 'a', 'b', 'low', 'top', 'mask'], 'v128')}
    (local.set $at (i32.const 1024))
    (local.set $end (i32.add (local.get $at) (local.get $bytes)))
    ${load('h', 128)} ${load('r', 0)} ${fold}
    (if (i32.ge_u (local.get $bytes) (i32.const 128)) (then
      (local.set $mask (i64x2.splat (i64.const ${mask})))
      ${lanes(64, 64)}
      ${limbs.map((i) => `(local.set $vh${i} (i64x2.replace_lane 0 (local.get $vh${i}) (local.get $h${i})))`).join('\n')}
      ${addPair}
      (loop $pairs
        ${multiplyVector}
        ${addPair}
        (br_if $pairs (i32.le_u (i32.add (local.get $at) (i32.const 32)) (local.get $end))))
      ${lanes(64, 0)}
      ${multiplyVector}
      ${limbs.map((i) => `(local.set $d${i} (i64.add (i64x2.extract_lane 0 (local.get $vh${i})) (i64x2.extract_lane 1 (local.get $vh${i}))))`).join('\n')}
      ${scalarCarry}))
    (block $done (loop $blocks
      (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
      ${addBlock}
      ${multiply}
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $blocks)))
    ${store('h', 128)})

  ;; h modulo 2¹³⁰ − 5, plus the 16 bytes at 1024, modulo 2¹²⁸, to 192.
  (func (export "finish") ${declare([...five('h'), ...five('d'), ...five('g'), 'carry', 'keep', 'w0', 'w1', 'n0', 'n1'], 'i64')}
    ${load('d', 128)} ${scalarCarry}
    ${limbs.map((i) => `(local.set $d${i} (local.get $h${i}))`).join('\n')} ${scalarCarry}
    (local.set $carry (i64.const 5))
    ${limbs
      .map(
        (i) => `(local.set $carry (i64.add (local.get $carry) (local.get $h${i})))
      (local.set $g${i} (i64.and (local.get $carry) (i64.const ${mask})))
      (local.set $carry (i64.shr_u (local.get $carry) (i64.const 26)))`,
      )
      .join('\n')}
    ;; A carry out of the top says h ≥ 2¹³⁰ − 5: then g, which is h − p, is the value. Chosen without a branch.
    (local.set $keep (i64.sub (local.get $carry) (i64.const 1)))
    ${limbs.map((i) => `(local.set $h${i} (i64.or (i64.and (local.get $h${i}) (local.get $keep)) (i64.and (local.get $g${i}) (i64.xor (local.get $keep) (i64.const -1)))))`).join('\n')}
    (local.set $w0 (i64.or (i64.or (local.get $h0) (i64.shl (local.get $h1) (i64.const 26))) (i64.shl (local.get $h2) (i64.const 52))))
    (local.set $w1 (i64.or (i64.or (i64.shr_u (local.get $h2) (i64.const 12)) (i64.shl (local.get $h3) (i64.const 14))) (i64.shl (local.get $h4) (i64.const 40))))
    (local.set $n0 (i64.load offset=1024 (i32.const 0))) (local.set $n1 (i64.load offset=1032 (i32.const 0)))
    (local.set $w0 (i64.add (local.get $w0) (local.get $n0)))
    (local.set $w1 (i64.add (i64.add (local.get $w1) (local.get $n1)) (i64.extend_i32_u (i64.lt_u (local.get $w0) (local.get $n0)))))
    (i64.store offset=192 (i32.const 0) (local.get $w0))
    (i64.store offset=200 (i32.const 0) (local.get $w1))))
`
