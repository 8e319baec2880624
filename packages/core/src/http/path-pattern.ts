import { httpErrors } from './errors.ts'

/** One piece of a path pattern between slashes. */
export type PathSegment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string }

type Name<Text extends string> = Text extends `:${infer Parameter}`
  ? Parameter
  : Text extends `*${infer Rest}`
    ? Rest
    : never

/** The parameters of a path pattern: `PathParameters<'/jobs/:id'>` is `{ readonly id: string }`. */
export type PathParameters<Path extends string> = {
  readonly [Parameter in PathNames<Path>]: string
}

type PathNames<Path extends string> = Path extends `${infer Segment}/${infer Tail}`
  ? Name<Segment> | PathNames<Tail>
  : Name<Path>

const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Reads a pattern: `:name` takes one segment that is not empty, `*name` at the end takes one or more segments.
 *
 * @throws `CORE_HTTP_ROUTE_INVALID`
 */
export function parsePath(path: string): readonly PathSegment[] {
  if (!path.startsWith('/')) throw invalid(path, 'its path does not begin with a slash')
  if (/[?#\\\s]/.test(path)) throw invalid(path, 'its path holds a character that no path can hold')
  const segments = path.slice(1).split('/')
  const names = new Set<string>()
  return segments.map((text, index) => {
    const segment = parseSegment(path, text)
    if (segment.kind === 'rest' && index < segments.length - 1)
      throw invalid(path, `*${segment.name} is not at its end`)
    if (segment.kind === 'static') return segment
    if (names.has(segment.name)) throw invalid(path, `it has two parameters "${segment.name}"`)
    names.add(segment.name)
    return segment
  })
}

/** The names of the parameters in their order. */
export function parameterNames(segments: readonly PathSegment[]): readonly string[] {
  return segments.flatMap((segment) => (segment.kind === 'static' ? [] : [segment.name]))
}

/** The segments of a request's path, decoded one by one, so that `%2F` never becomes a separator. */
export function splitPath(path: string): readonly string[] {
  const segments = path.slice(1).split('/')
  return path.includes('%') ? segments.map(decodeSegment) : segments
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw httpErrors.CORE_HTTP_REQUEST_INVALID({ reason: 'the path has a malformed percent encoding' })
  }
}

function parseSegment(path: string, text: string): PathSegment {
  const kind = text.startsWith(':') ? 'parameter' : text.startsWith('*') ? 'rest' : 'static'
  if (kind === 'static') {
    if (/[:*{}%]/.test(text)) throw invalid(path, `the segment "${text}" mixes text and parameters`)
    return { kind, text }
  }
  const name = text.slice(1)
  if (!parameterName.test(name) || name === '__proto__') throw invalid(path, `"${name}" is no name for a parameter`)
  return { kind, name }
}

function invalid(route: string, reason: string) {
  return httpErrors.CORE_HTTP_ROUTE_INVALID({ route, reason })
}
