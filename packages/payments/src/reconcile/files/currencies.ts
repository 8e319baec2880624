import { currencyExponent } from '../../money/currency.ts'

/** Numbers below this stand for three letters, five bits each. */
const numbers = 1 << 15

/** Decimals of currencies by numbers that are the same in every thread, so that a row needs two bytes for its currency. */
export class Currencies {
  readonly #exponents = new Int8Array(numbers).fill(-1)

  /** @throws `PAYMENTS_CURRENCY_UNKNOWN` */
  numberOf(code: string): number {
    const exponent = currencyExponent(code)
    const number = currencyNumber(code)
    this.#exponents[number] = exponent
    return number
  }

  /** The same, from bytes. */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (end - start === 3) {
      const [first, second, third] = [bytes[start]!, bytes[start + 1]!, bytes[start + 2]!]
      const isUpper = (first | second | third) < 96 && (first & second & third) >= 64
      const number = ((first & 31) << 10) | ((second & 31) << 5) | (third & 31)
      if (isUpper && this.#exponents[number]! >= 0) return number
    }
    return this.numberOf(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'))
  }

  exponentOf(number: number): number {
    return this.#exponents[number]!
  }
}

/** The number that stands for a code of three letters. */
export function currencyNumber(code: string): number {
  const letter = (at: number): number => code.charCodeAt(at) & 31
  return (letter(0) << 10) | (letter(1) << 5) | letter(2)
}

const codes = new Map<number, string>()

/** The code that a number stands for; one text for all that ask. */
export function currencyCode(number: number): string {
  let code = codes.get(number)
  if (code === undefined) {
    code = String.fromCharCode(64 | (number >>> 10), 64 | ((number >>> 5) & 31), 64 | (number & 31))
    codes.set(number, code)
  }
  return code
}
