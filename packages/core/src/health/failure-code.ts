const code = /^[A-Z][A-Z0-9_]{1,63}$/

/** A name for a failure that holds nothing of its message: an error's code such as ECONNREFUSED, or CHECK_FAILED. */
export function failureCode(error: unknown): string {
  const found = typeof error === 'object' && error !== null ? (error as { readonly code?: unknown }).code : undefined
  return typeof found === 'string' && code.test(found) ? found : 'CHECK_FAILED'
}
