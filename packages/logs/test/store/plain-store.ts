import type { Filter, ValueTest } from '@exprsn/logs/store'

/** A line as the plainest store keeps it. */
export interface PlainLine {
  readonly text: string
  readonly time: number
  readonly sequence: number
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** The lines that match, by looking at each: written apart from the store, from the documented meaning of filters. */
export function plainMatches(filter: Filter, line: PlainLine): boolean {
  switch (filter.type) {
    case 'all':
      return true
    case 'and':
      return filter.filters.every((each) => plainMatches(each, line))
    case 'or':
      return filter.filters.some((each) => plainMatches(each, line))
    case 'not':
      return !plainMatches(filter.filter, line)
    case 'time':
      return filter.from <= line.time && line.time < filter.to
    case 'match':
      return plainValues(line.text).some(
        ([path, value]) => isField(filter.field, path, filter.test) && passes(filter.test, value),
      )
  }
}

function isField(field: string | undefined, path: string, test: ValueTest): boolean {
  return field === undefined || path === field || (test.type === 'level' && path === 'severity')
}

/** All values of a line by path: an object's by its keys, any other text as `msg`. */
function plainValues(text: string): [string, unknown][] {
  let parsed: unknown
  try {
    parsed = text.startsWith('{') && text.endsWith('}') ? JSON.parse(text) : undefined
  } catch {
    // Not JSON.
  }
  if (parsed === undefined) return [['msg', text]]
  const values: [string, unknown][] = []
  const visit = (path: readonly string[], value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(path, each)
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit([...path, key], inner)
    else if (value !== null) values.push([path.join('.'), value])
  }
  visit([], parsed)
  return values
}

function passes(test: ValueTest, value: unknown): boolean {
  const text = String(value)
  switch (test.type) {
    case 'phrase':
      return wordwise(test.text, true).test(lower(text))
    case 'prefix':
      return wordwise(test.text, false).test(lower(text))
    case 'equals':
      return text === test.text
    case 'in':
      return test.texts.includes(text)
    case 'pattern':
      return new RegExp(test.pattern).test(text)
    case 'exists':
      return true
    case 'level': {
      const name =
        typeof value === 'number'
          ? value < 70 && value >= 10 && levels[Math.min(5, Math.floor(value / 10) - 1)]
          : text.toLowerCase().replace('warning', 'warn')
      return typeof name === 'string' && (test.names as readonly string[]).includes(name)
    }
    case 'range': {
      const { from, to } = test
      const isNumeric = [from, to].every((each) => each === undefined || typeof each.value === 'number')
      const compared = isNumeric ? (/^\s|\s$|^$/.test(text) ? Number.NaN : Number(text)) : text
      const above = from === undefined || (from.isIncluded ? compared >= from.value : compared > from.value)
      const below = to === undefined || (to.isIncluded ? compared <= to.value : compared < to.value)
      return above && below && !Number.isNaN(compared)
    }
  }
}

function wordwise(text: string, isWhole: boolean): RegExp {
  const escaped = lower(text).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const before = /^\w/.test(text) ? '(?<!\\w)' : ''
  const after = isWhole && /\w$/.test(text) ? '(?!\\w)' : ''
  return new RegExp(`${before}${escaped}${after}`)
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32))
}
