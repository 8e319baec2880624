import { ExprsnError, type Logger } from '@exprsn/core'
import { reply, type RouteContext } from '@exprsn/core/http'

const names: Readonly<Record<string, string>> = {
  ATPROTO_SERVICE_TOKEN_INVALID: 'BadJwt',
  ATPROTO_SERVICE_TOKEN_REPLAYED: 'JwtReplayed',
  ATPROTO_FEED_UNKNOWN: 'UnknownFeed',
  ATPROTO_SERVED_REPO_UNKNOWN: 'RepoNotFound',
  ATPROTO_SERVED_RECORD_UNKNOWN: 'RecordNotFound',
}

/** A handler whose errors are told in the form of XRPC, `{ error, message }`, as the callers of these methods expect. */
export function xrpc(
  logger: Logger,
  handler: (query: URLSearchParams, context: RouteContext) => unknown,
): (context: RouteContext) => Promise<unknown> {
  return async (context) => {
    try {
      return await handler(new URL(context.request.url).searchParams, context)
    } catch (error) {
      const isKnown = ExprsnError.is(error)
      const status = isKnown ? error.status : 500
      if (status >= 500) logger.error({ err: error, path: new URL(context.request.url).pathname }, 'a method failed')
      const name = (isKnown ? nameOf(error) : undefined) ?? (status < 500 ? 'InvalidRequest' : 'InternalServerError')
      const message = isKnown && status < 500 ? error.message : 'Internal Server Error'
      return reply({ error: name, message }, { status })
    }
  }
}

function nameOf({ code, details }: ExprsnError): string | undefined {
  return code === 'ATPROTO_SERVED_REPO_INACTIVE' ? inactive[String(details.status)] : names[code]
}

const inactive: Readonly<Record<string, string>> = {
  deactivated: 'RepoDeactivated',
  takendown: 'RepoTakendown',
  suspended: 'RepoSuspended',
}
