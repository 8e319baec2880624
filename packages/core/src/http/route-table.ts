import { splitPath, type PathSegment } from './path-pattern.ts'

/** What a lookup gives: a value with the parameters in the order of the pattern, or the methods that would have matched. */
export type RouteMatch<Value> =
  | { readonly value: Value; readonly parameters: readonly string[]; readonly methods?: undefined }
  | { readonly value?: undefined; readonly methods: readonly string[] }

/** Finds what a method and path lead to. */
export interface RouteTable<Value> {
  /** @returns false when the same method and shape of path stand in the table already. */
  add(method: string, segments: readonly PathSegment[], value: Value): boolean
  /** @throws `CORE_HTTP_REQUEST_INVALID` for a path with a malformed percent encoding. */
  find(method: string, path: string): RouteMatch<Value>
}

interface Node<Value> {
  readonly fixed: Map<string, Node<Value>>
  parameter: Node<Value> | undefined
  /** Methods of patterns that end in this node. */
  readonly ends: Map<string, Value>
  /** Methods of patterns that end in `*rest` below this node. */
  readonly rests: Map<string, Value>
}

const none: readonly string[] = []

/**
 * A trie of path segments. Text wins over `:name`, and that over `*name`, at the first segment in which two patterns
 * differ; a pattern that lacks the method gives way to the next one. A lookup visits each node at most once, so that no
 * path can make it slow.
 */
export function createRouteTable<Value>(): RouteTable<Value> {
  const top = createNode<Value>()
  // Patterns without parameters, by their whole path: nothing can come before them.
  const whole = new Map<string, Map<string, Value>>()
  return {
    add(method, segments, value) {
      const methods = methodsOf(top, segments)
      if (methods.has(method)) return false
      methods.set(method, value)
      if (segments.every(({ kind }) => kind === 'static'))
        whole.set(segments.map((segment) => `/${(segment as { text: string }).text}`).join(''), methods)
      return true
    },
    find(method, path) {
      const direct = whole.get(path)?.get(method)
      if (direct !== undefined) return { value: direct, parameters: none }
      const segments = splitPath(path)
      const search: Search = { method, segments, parameters: [], allowed: new Set() }
      const value = descend(top, 0, search)
      return value === undefined
        ? { methods: [...search.allowed].toSorted() }
        : { value, parameters: search.parameters }
    },
  }
}

interface Search {
  readonly method: string
  readonly segments: readonly string[]
  readonly parameters: string[]
  readonly allowed: Set<string>
}

function descend<Value>(node: Node<Value>, depth: number, search: Search): Value | undefined {
  const { segments, parameters } = search
  if (depth === segments.length) return pick(node.ends, search)
  const segment = segments[depth]!
  const fixed = node.fixed.get(segment)
  const found = fixed && descend(fixed, depth + 1, search)
  if (found !== undefined || segment === '') return found
  if (node.parameter !== undefined) {
    parameters.push(segment)
    const below = descend(node.parameter, depth + 1, search)
    if (below !== undefined) return below
    parameters.pop()
  }
  if (node.rests.size === 0) return undefined
  const value = pick(node.rests, search)
  if (value !== undefined) parameters.push(segments.slice(depth).join('/'))
  return value
}

function pick<Value>(methods: Map<string, Value>, { method, allowed }: Search): Value | undefined {
  const value = methods.get(method)
  if (value === undefined) for (const name of methods.keys()) allowed.add(name)
  return value
}

function methodsOf<Value>(top: Node<Value>, segments: readonly PathSegment[]): Map<string, Value> {
  let node = top
  for (const segment of segments) {
    if (segment.kind === 'rest') return node.rests
    if (segment.kind === 'parameter') node = node.parameter ??= createNode()
    else {
      const next = node.fixed.get(segment.text) ?? createNode<Value>()
      node.fixed.set(segment.text, next)
      node = next
    }
  }
  return node.ends
}

function createNode<Value>(): Node<Value> {
  return { fixed: new Map(), parameter: undefined, ends: new Map(), rests: new Map() }
}
