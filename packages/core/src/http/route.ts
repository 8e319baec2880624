import type { Rule } from '../auth/allow.ts'
import type { Identity } from '../auth/identity.ts'
import type { SchemaOutput, StandardSchema } from '../config/standard-schema.ts'
import type { TraceParent } from '../tracing/traceparent.ts'
import type { Authenticator } from './authenticator.ts'
import type { BodyKind } from './content-type.ts'
import type { FormValues } from './form-values.ts'
import type { PathParameters } from './path-pattern.ts'
import type { RequestRate } from './rate-limit-guard.ts'

/** Methods that routes can have. HEAD is answered by GET, OPTIONS by the router, unless a route says otherwise. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** What a schema gives, or something else where there is none. */
export type Validated<Schema extends StandardSchema | undefined, Otherwise> = Schema extends StandardSchema
  ? SchemaOutput<Schema>
  : Otherwise

/** What a handler gets. */
export interface RouteContext<Params = unknown, Query = unknown, Body = unknown> {
  readonly request: Request
  readonly params: Params
  readonly query: Query
  /** The value of the body; undefined when the route has neither `body` nor `bodyKind`. */
  readonly body: Body
  /** Who asks; undefined on routes without authentication. */
  readonly identity: Identity | undefined
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
  /** The caller's `x-request-id` where it is a sensible one, else a new id. It stands on problems and on the answer. */
  readonly requestId: string
  /** The caller's trace. */
  readonly trace: TraceParent | undefined
  /** See `clientAddress`. */
  readonly clientAddress: string | undefined
}

/** One route. Its handler returns a `Response`, a {@link reply}, or a value to be sent as JSON; nothing means 204. */
export interface RouteDefinition<
  Path extends string = string,
  Params extends StandardSchema | undefined = undefined,
  Query extends StandardSchema | undefined = undefined,
  Body extends StandardSchema | undefined = undefined,
> {
  readonly method: Method
  /** `/jobs/:id`, or `/files/*path` for the rest of a path. Rests are decoded: check them before they name a file. */
  readonly path: Path
  /** Of the parameters in the path. @default text each */
  readonly params?: Params | undefined
  /** Of the query; a name given twice is a list. @default text, or a list of it */
  readonly query?: Query | undefined
  readonly body?: Body | undefined
  /** @default 'json' when there is a `body`, else the body is left unread on `request` */
  readonly bodyKind?: BodyKind | undefined
  /** Most bytes of the body. @default the router's */
  readonly bodyLimit?: number | undefined
  /** Answers by status, for the description: a schema, or a text when there is no content. @default { 200: 'Done.' } */
  readonly responses?: Readonly<Record<number, StandardSchema | string>> | undefined
  /** `false`: open to all; `'optional'`: also without a credential. @default the router's */
  readonly auth?: Authenticator | readonly Authenticator[] | 'optional' | false | undefined
  /** What the identity must be allowed; its resource is the request's {@link RouteContext}. @default anything */
  readonly allow?: Rule<RouteContext> | undefined
  /** On top of the router's. @default none */
  readonly rateLimit?: RequestRate | undefined
  /** Whether other sites' requests are refused: `'cookie'` for those authenticated by a cookie. @default the router's */
  readonly csrf?: 'always' | 'cookie' | false | undefined
  /** One line for the description. */
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly tags?: readonly string[] | undefined
  /** Unique in the description. @default made of method and path */
  readonly operationId?: string | undefined
  readonly deprecated?: boolean | undefined
  /** Left out of the description. @default false */
  readonly hidden?: boolean | undefined
  readonly handler: (
    context: RouteContext<
      Validated<Params, PathParameters<Path>>,
      Validated<Query, FormValues>,
      Validated<Body, unknown>
    >,
  ) => unknown
}

/** A route without the types of its schemas. */
export interface AnyRoute extends Omit<RouteDefinition, 'params' | 'query' | 'body' | 'handler'> {
  readonly params?: StandardSchema | undefined
  readonly query?: StandardSchema | undefined
  readonly body?: StandardSchema | undefined
  readonly handler: (context: RouteContext) => unknown
}
