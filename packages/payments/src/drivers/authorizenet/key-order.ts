/** A request of Authorize.Net's JSON API. */
export type AuthorizeNetRequest = Readonly<Record<string, unknown>>

// The service turns JSON into XML, and in AnetApiSchema.xsd the order of elements is part of their types.
const orders: Readonly<Record<string, readonly string[]>> = {
  transactionRequest: [
    'transactionType',
    'amount',
    'currencyCode',
    'payment',
    'profile',
    'refTransId',
    'order',
    'poNumber',
    'customer',
    'transactionSettings',
    'processingOptions',
  ],
  payment: ['creditCard', 'opaqueData'],
  creditCard: ['cardNumber', 'expirationDate'],
  opaqueData: ['dataDescriptor', 'dataValue'],
  order: ['invoiceNumber', 'description'],
  paging: ['limit', 'offset'],
  sorting: ['orderBy', 'orderDescending'],
}

/** The same request with its elements in the order of the schema, and without those that are undefined. */
export function inSchemaOrder(request: AuthorizeNetRequest): AuthorizeNetRequest {
  return ordered(undefined, request) as AuthorizeNetRequest
}

function ordered(name: string | undefined, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => ordered(undefined, each))
  const order = (name === undefined ? undefined : orders[name]) ?? Object.keys(value)
  const content = value as AuthorizeNetRequest
  const entries = order.flatMap((key) =>
    content[key] === undefined ? [] : [[key, ordered(key, content[key])] as const],
  )
  return Object.fromEntries(entries)
}
