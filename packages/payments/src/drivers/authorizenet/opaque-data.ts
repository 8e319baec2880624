/** What Accept.js gave as a token: `descriptor|value`, or the value alone. */
export function opaqueDataOf(token: string): { readonly dataDescriptor: string; readonly dataValue: string } {
  const [, dataDescriptor = 'COMMON.ACCEPT.INAPP.PAYMENT', dataValue = token] = /^([^|]+)\|(.+)$/.exec(token) ?? []
  return { dataDescriptor, dataValue }
}
