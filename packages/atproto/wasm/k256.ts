import { combine, elementSize, fieldText } from './field.ts'

/**
 * The sum of four multiples of points of K-256 (Strauss): doublings shared, digits and tables of odd multiples from the host.
 * Only for verification: the time it takes depends on the numbers.
 *
 * The memory: X, Y and Z of the sum in Jacobian coordinates, T0…T8 and a candidate, 80 bytes each; from 1040 on 4 digits
 * for each bit, signed and odd or 0; from 2048 on four tables of affine points, 2 elements each. The first two are
 * of 8 points, the others of 64. `$multiply` and the rest are in field.ts; magnitudes are written beside each step.
 */
const elements = ['X', 'Y', 'Z', 'T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'candidate'] as const
const at = Object.fromEntries(elements.map((name, index) => [name, `(i32.const ${index * elementSize})`])) as Readonly<
  Record<(typeof elements)[number], string>
>
const digitsAt = elements.length * elementSize
const pointSize = 2 * elementSize
const tables = [2048, 2048 + 8 * pointSize, 2048 + 16 * pointSize, 2048 + 80 * pointSize]
const { X, Y, Z, T0, T1, T2, T3, T4, T5, T6, T7, T8, candidate } = at
const yOf = `(i32.add (local.get $point) (i32.const ${elementSize}))`

/** The module's text. */
export const k256Text = `(module
  (memory (export "memory") 1)
  (global $infinite (mut i32) (i32.const 1))
  ${fieldText}

  ;; The point doubled: X and Y of magnitude 10 at most, before and after.
  (func $double
    (call $square ${T0} ${Y})
    (call $square ${T1} ${X})
    (call $multiply ${T2} ${X} ${T0})
    (call $square ${T3} ${T0})
    (call $multiply ${T4} ${Y} ${Z})
    ;; M = 3X² (3)
    ${combine(T1, [{ at: T1, times: 3 }])}
    (call $square ${T5} ${T1})
    ;; X = M² − 8XY² (1 + 9)
    ${combine(X, [{ at: T5 }, { at: T2, times: 8, minus: 8 }])}
    ;; 4XY² − X (4 + 11)
    ${combine(T2, [
      { at: T2, times: 4 },
      { at: X, minus: 10 },
    ])}
    (call $multiply ${T5} ${T1} ${T2})
    ;; Y = M(4XY² − X) − 8Y⁴ (1 + 9), Z = 2YZ (2)
    ${combine(Y, [{ at: T5 }, { at: T3, times: 8, minus: 8 }])}
    ${combine(Z, [{ at: T4, times: 2 }])})

  ;; The affine point, or its negative, added.
  (func $add (param $point i32) (param $negative i32)
    (if (global.get $infinite) (then
      (global.set $infinite (i32.const 0))
      ${combine(X, [{ at: '(local.get $point)' }])}
      ${combine(Y, [{ at: yOf }])}
      (if (local.get $negative) (then ${combine(Y, [{ at: Y, minus: 1 }])}))
      (memory.fill ${Z} (i32.const 0) (i32.const ${elementSize}))
      (i64.store ${Z} (i64.const 1))
      (return)))
    (call $square ${T0} ${Z})
    (call $multiply ${T1} (local.get $point) ${T0})
    (call $multiply ${T2} ${Z} ${T0})
    (call $multiply ${T3} ${yOf} ${T2})
    (if (local.get $negative) (then ${combine(T3, [{ at: T3, minus: 1 }])}))
    ;; H = xZ² − X (1 + 11), R = ±yZ³ − Y (2 + 11)
    ${combine(T1, [{ at: T1 }, { at: X, minus: 10 }])}
    ${combine(T3, [{ at: T3 }, { at: Y, minus: 10 }])}
    (if (call $normalize ${T1}) (then
      (if (call $normalize ${T3}) (then (call $double)) (else (global.set $infinite (i32.const 1))))
      (return)))
    (call $square ${T4} ${T1})
    (call $multiply ${T5} ${T1} ${T4})
    (call $multiply ${T6} ${X} ${T4})
    (call $multiply ${Z} ${Z} ${T1})
    (call $square ${T7} ${T3})
    ;; X = R² − H³ − 2XH² (1 + 2 + 3)
    ${combine(X, [{ at: T7 }, { at: T5, minus: 1 }, { at: T6, times: 2, minus: 2 }])}
    ;; XH² − X (1 + 7)
    ${combine(T6, [{ at: T6 }, { at: X, minus: 6 }])}
    (call $multiply ${T7} ${T3} ${T6})
    (call $multiply ${T8} ${Y} ${T5})
    ;; Y = R(XH² − X) − YH³ (1 + 2)
    ${combine(Y, [{ at: T7 }, { at: T8, minus: 1 }])})

  ;; The digit of one table at the bit.
  (func $digit (param $at i32) (param $table i32) (local $digit i32) (local $negative i32)
    (local.set $digit (i32.load8_s (local.get $at)))
    (if (i32.eqz (local.get $digit)) (then (return)))
    (local.set $negative (i32.lt_s (local.get $digit) (i32.const 0)))
    (if (local.get $negative) (then (local.set $digit (i32.sub (i32.const 0) (local.get $digit)))))
    (call $add
      (i32.add (local.get $table) (i32.mul (i32.shr_u (local.get $digit) (i32.const 1)) (i32.const ${pointSize})))
      (local.get $negative)))

  ;; The sum of the multiples, from the highest of $bits on.
  (func (export "sum") (param $bits i32) (local $at i32)
    (global.set $infinite (i32.const 1))
    (local.set $at (i32.add (i32.const ${digitsAt}) (i32.shl (local.get $bits) (i32.const 2))))
    (block $done (loop $next
      (br_if $done (i32.le_u (local.get $at) (i32.const ${digitsAt})))
      (local.set $at (i32.sub (local.get $at) (i32.const 4)))
      (if (i32.eqz (global.get $infinite)) (then (call $double)))
      (if (i32.load (local.get $at)) (then
        ${tables.map((table, index) => `(call $digit (i32.add (local.get $at) (i32.const ${index})) (i32.const ${table}))`).join('\n')}))
      (br $next))))

  ;; Whether the sum has the candidate as its x.
  (func (export "hasX") (result i32)
    (if (global.get $infinite) (then (return (i32.const 0))))
    (call $square ${T0} ${Z})
    (call $multiply ${T1} ${candidate} ${T0})
    ${combine(T1, [{ at: T1 }, { at: X, minus: 10 }])}
    (call $normalize ${T1})))
`
