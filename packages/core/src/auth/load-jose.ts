import { authErrors } from './errors.ts'

/** What is used of jose 6. */
export interface Jose {
  jwtVerify(
    token: string,
    key: unknown,
    options: object,
  ): Promise<{ readonly payload: Readonly<Record<string, unknown>> }>
  createRemoteJWKSet(url: URL, options?: object): unknown
  createLocalJWKSet(keys: never): unknown
  readonly customFetch: symbol
}

let loading: Promise<Jose> | undefined

/** @throws `CORE_AUTH_JOSE_MISSING` */
export function loadJose(): Promise<Jose> {
  return (loading ??= import('jose').then(
    (jose) => jose as unknown as Jose,
    (cause: unknown) => {
      loading = undefined
      throw authErrors.CORE_AUTH_JOSE_MISSING({}, { cause })
    },
  ))
}
