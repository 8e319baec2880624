import { authErrors } from '../auth/errors.ts'
import type { Rule } from '../auth/allow.ts'
import type { Identity } from '../auth/identity.ts'
import type { Clock } from '../clock/clock.ts'
import type { Authenticator } from './authenticator.ts'
import { refuseCrossSite } from './csrf.ts'
import { httpErrors } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formValues } from './form-values.ts'
import { parameterNames, parsePath, type PathSegment } from './path-pattern.ts'
import type { InputIssue } from './problem.ts'
import { rateGuard, type RateGuard } from './rate-limit-guard.ts'
import { readBody, type ReadBodyOptions } from './read-body.ts'
import type { AnyRoute, RouteContext } from './route.ts'
import { inputCheck, refuseIssues, type InputCheck } from './validate-input.ts'

/** What a router gives to the routes that say nothing else. */
export interface RouteDefaults {
  readonly auth: readonly Authenticator[]
  readonly csrf: 'always' | 'cookie' | false
  readonly bodyLimit: number
  /** Milliseconds. */
  readonly bodyTimeout: number
  readonly rateGuard: RateGuard | undefined
  readonly clock: Clock
}

/** A route made ready. */
export interface CompiledRoute {
  readonly definition: AnyRoute
  readonly segments: readonly PathSegment[]
  /** Those that are asked, in order; empty on an open route. */
  readonly authenticators: readonly Authenticator[]
  readonly required: boolean
  /** Runs the guards, reads and checks the input, and calls the handler. */
  run(exchange: Exchange, parameters: readonly string[], query: string): unknown
}

/** @throws `CORE_HTTP_ROUTE_INVALID` */
export function compileRoute(definition: AnyRoute, path: string, defaults: RouteDefaults): CompiledRoute {
  const segments = parsePath(path)
  const { handler, allow, auth } = definition
  const authenticators = auth === false ? [] : (listOf(auth === 'optional' ? undefined : auth) ?? defaults.auth)
  const required = auth !== 'optional' && auth !== false && authenticators.length > 0
  if (allow !== undefined && !required)
    throw httpErrors.CORE_HTTP_ROUTE_INVALID({
      route: path,
      reason: 'it has a rule, but does not require authentication',
    })
  const csrf = definition.csrf ?? defaults.csrf
  const guards = [defaults.rateGuard, definition.rateLimit && rateGuard(definition.rateLimit, defaults.clock)].filter(
    (guard) => guard !== undefined,
  )
  const readInput = inputReader(definition, parameterNames(segments), defaults)

  async function runGuarded(exchange: Exchange, parameters: readonly string[], query: string): Promise<unknown> {
    const { request } = exchange
    if (authenticators.length > 0) exchange.identity = await authenticate(authenticators, required, request)
    if (csrf === 'always' || (csrf === 'cookie' && exchange.identity?.via === 'cookie')) refuseCrossSite(request)
    for (const guard of guards) await guard(request, exchange.identity, (exchange.headers ??= {}))
    const pending = readInput(exchange, parameters, query)
    if (pending !== undefined) await pending
    if (allow !== undefined) enforce(allow, exchange)
    return handler(exchange)
  }

  const guarded = authenticators.length > 0 || csrf === 'always' || guards.length > 0
  return {
    definition,
    segments,
    authenticators,
    required,
    run(exchange, parameters, query) {
      if (guarded) return runGuarded(exchange, parameters, query)
      const pending = readInput(exchange, parameters, query)
      return pending === undefined ? handler(exchange) : pending.then(() => handler(exchange))
    },
  }
}

function listOf(auth: Authenticator | readonly Authenticator[] | undefined): readonly Authenticator[] | undefined {
  return auth === undefined ? undefined : Array.isArray(auth) ? auth : [auth as Authenticator]
}

async function authenticate(
  authenticators: readonly Authenticator[],
  required: boolean,
  request: Request,
): Promise<Identity | undefined> {
  for (const authenticator of authenticators) {
    const identity = await authenticator.authenticate(request)
    if (identity !== undefined) return identity
  }
  if (!required) return undefined
  const challenge = authenticators.map((each) => each.challenge).filter((text) => text !== undefined)
  throw httpErrors.CORE_HTTP_UNAUTHENTICATED({ challenge: challenge.length > 0 ? challenge.join(', ') : undefined })
}

function enforce(rule: Rule<RouteContext>, exchange: Exchange): void {
  if (exchange.identity === undefined) throw authErrors.CORE_AUTH_FORBIDDEN({ reason: 'nobody is signed in' })
  rule.assert(exchange.identity, exchange)
}

type InputReader = (exchange: Exchange, parameters: readonly string[], query: string) => Promise<void> | undefined

/** Reads and checks the parts of a request; without schemas and body, nothing has to be waited for. */
function inputReader(definition: AnyRoute, names: readonly string[], defaults: RouteDefaults): InputReader {
  const { params, query, body, bodyLimit = defaults.bodyLimit } = definition
  const kind = definition.bodyKind ?? (body === undefined ? undefined : 'json')
  const { bodyTimeout: timeout, clock } = defaults
  const reading: ReadBodyOptions | undefined = kind && { kind, limit: bodyLimit, timeout, clock }
  const checkParams = params && inputCheck('path', params, true)
  const checkQuery = query && inputCheck('query', query, true)
  const checkBody = body && inputCheck('body', body, kind === 'form')

  async function readChecked(exchange: Exchange): Promise<void> {
    const issues: InputIssue[] = []
    const check = async (with_: InputCheck | undefined, value: unknown): Promise<unknown> =>
      with_ === undefined ? value : await with_(value, issues)
    exchange.params = await check(checkParams, exchange.params)
    exchange.query = await check(checkQuery, exchange.query)
    // What is wrong already is told before a body is waited for.
    refuseIssues(issues)
    if (reading === undefined) return
    exchange.body = await check(checkBody, await readBody(exchange.request, reading))
    refuseIssues(issues)
  }

  const plain = checkParams === undefined && checkQuery === undefined && reading === undefined
  return (exchange, parameters, queryText) => {
    exchange.params = named(names, parameters)
    exchange.query = formValues(queryText)
    return plain ? undefined : readChecked(exchange)
  }
}

function named(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = Object.create(null)
  for (let index = 0; index < names.length; index++) parameters[names[index]!] = values[index]!
  return parameters
}
