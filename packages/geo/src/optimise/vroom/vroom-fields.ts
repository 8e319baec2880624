import { optimiseErrors } from '../errors.ts'

/** JSON of VROOM must be as its documentation says. */
export function vroomInvalid(reason: string) {
  return optimiseErrors.GEO_PROBLEM_FORMAT_INVALID({ format: 'VROOM JSON', reason })
}

/** What one side can say and the other cannot. */
export function vroomUnsupported(where: string, reason: string) {
  return optimiseErrors.GEO_VROOM_UNSUPPORTED({ where, reason })
}

/** An object, none of whose fields would be passed over. */
export function objectOf(
  value: unknown,
  where: string,
  known: readonly string[],
  unsupported: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw vroomInvalid(`${where} is no object`)
  const path = (key: string): string => (where === 'the text' ? key : `${where}.${key}`)
  for (const [key, content] of Object.entries(value)) {
    if (content === undefined || content === null || known.includes(key)) continue
    const reason = unsupported[key]
    if (reason === undefined) throw vroomUnsupported(path(key), 'VROOM does not document such a field')
    if (!isEmpty(content)) throw vroomUnsupported(path(key), reason)
  }
  return value as Readonly<Record<string, unknown>>
}

/** A list; none where it is missing. */
export function listOf(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw vroomInvalid(`${where} is no list`)
  return value
}

/** A number; undefined where it is missing. */
export function numberOf(value: unknown, where: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw vroomInvalid(`${where} is no number`)
  return value
}

/** Ids are whole numbers. */
export function idOf(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw vroomInvalid(`${where}.id is no whole number`)
  return value
}

/** Numbers; undefined where they are missing. */
export function numbersOf(value: unknown, where: string): number[] | undefined {
  if (value === undefined || value === null) return undefined
  return listOf(value, where).map((item, at) => numberOf(item, `${where}[${at}]`) ?? 0)
}

/** Pairs of numbers; undefined where they are missing. */
export function windowsOf(value: unknown, where: string): (readonly [number, number])[] | undefined {
  if (value === undefined || value === null) return undefined
  return listOf(value, where).map((pair, at) => {
    const numbers = numbersOf(pair, `${where}[${at}]`)
    if (numbers?.length !== 2) throw vroomInvalid(`${where}[${at}] is not two numbers`)
    return [numbers[0]!, numbers[1]!]
  })
}

function isEmpty(content: unknown): boolean {
  return content === 0 || (typeof content === 'object' && content !== null && Object.keys(content).length === 0)
}
