import { secretBrand } from '../errors/redact.ts'

const mask = '[secret]'

/**
 * A value that never prints: as text, in JSON, in template literals, in `console.log` and in logs it is `[secret]`.
 *
 * @example
 * ```ts
 * import { Secret } from '@exprsn/core/config'
 *
 * const password = new Secret('hunter2')
 * console.log(`${password}`, JSON.stringify({ password })) // [secret] {"password":"[secret]"}
 * console.log(password.reveal().length) // 7
 * ```
 */
export class Secret<Value = string> {
  readonly #value: Value

  constructor(value: Value) {
    this.#value = value
    Object.defineProperty(this, secretBrand, { value: true })
  }

  /** True for every secret, also one made by another copy of the package. */
  static is(value: unknown): value is Secret<unknown> {
    return typeof value === 'object' && value !== null && secretBrand in value
  }

  /** The value itself: call this where it is used, and nowhere else. */
  reveal(): Value {
    return this.#value
  }

  toString(): string {
    return mask
  }

  toJSON(): string {
    return mask
  }

  [Symbol.toPrimitive](): string {
    return mask
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return mask
  }
}
