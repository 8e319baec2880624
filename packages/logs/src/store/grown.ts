import { giveBack } from './give-back.ts'

/** Typed arrays that grow. */
type Growable = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/**
 * The first `used` values in an array with room for `needed`, and for twice as many as before at least. The memory of the array
 * they were in is given back.
 *
 * @param used by default all
 * @param needed by default one more
 */
export function grown<Values extends Growable>(
  values: Values,
  used = values.length,
  needed: number = used + 1,
): Values {
  const larger = new (values.constructor as new (length: number) => Values)(Math.max(256, needed, values.length * 2))
  larger.set(values.subarray(0, used))
  giveBack(values)
  return larger
}
