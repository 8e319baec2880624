import type { Clock } from '../../clock/clock.ts'
import { givenFields, type S3StoreCredentials } from './s3-client.ts'

/** Credentials that are asked for when they are needed, and kept until they expire. */
export interface TemporaryCredentials {
  /** How often they were given up. */
  readonly renewals: number
  /** For the SDK, which asks before every request. */
  provide(): Promise<ReturnType<typeof givenFields> & { readonly expiration: Date }>
  /** Gives those up that a request of that time was signed with; nothing where another request has done so. */
  renew(renewals: number): void
}

/** New ones are asked for this many milliseconds before the old ones expire, as the SDK does. */
const lead = 5 * 60_000
/** The SDK keeps what does not expire for ever. */
const expired = new Date(0)

/** Keeps what `ask` gives until shortly before it expires, or until it is given up. */
export function temporaryCredentials(
  ask: () => S3StoreCredentials | Promise<S3StoreCredentials>,
  clock: Clock,
): TemporaryCredentials {
  let current: Promise<S3StoreCredentials> | undefined
  let renewals = 0
  const isFresh = ({ expiration }: S3StoreCredentials): boolean =>
    expiration === undefined || expiration.getTime() - clock.now() > lead

  const renew = (seen: number): void => {
    if (seen !== renewals) return
    renewals++
    current = undefined
  }
  const get = (): Promise<S3StoreCredentials> => {
    const asked = (current ??= (async () => ask())())
    // What failed once may work the next time.
    asked.catch(() => current === asked && (current = undefined))
    return asked
  }

  return {
    get renewals() {
      return renewals
    },
    renew,
    async provide() {
      const seen = renewals
      const known = current !== undefined
      let found = await get()
      if (known && !isFresh(found)) {
        renew(seen)
        found = await get()
      }
      return { ...givenFields(found), expiration: expired }
    },
  }
}
