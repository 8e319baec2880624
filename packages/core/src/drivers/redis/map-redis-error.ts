import { ExprsnError } from '../../errors/exprsn-error.ts'
import { redisErrors } from './errors.ts'

/** The first words of Redis's replies that mean "not now": another server, more memory or a moment later may answer. */
const passing = /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|OOM|NOREPLICAS|MISCONF|UNBLOCKED|MAXCLIENTS)\b/

/** An error of `ioredis` as ours. What is no reply of the server is a lost or missing connection. */
export function mapRedisError(error: unknown): ExprsnError {
  if (ExprsnError.is(error)) return error
  const { name, message, code } = error as { name?: string; message?: string; code?: string }
  const text = String(message ?? error)
  if (name === 'ReplyError' && !passing.test(text))
    return redisErrors.CORE_REDIS_COMMAND({ reason: text }, { cause: error })
  return redisErrors.CORE_REDIS_UNAVAILABLE({ reason: code ?? text }, { cause: error })
}
