import { AuthorizeNetRefusal } from './authorize-net-refusal.ts'

// From mappings/Schema.js of AuthorizeNet/sdk-node: JSON is turned into XML, where the order of elements is part of the type.
const transactionRequest = [
  'transactionType amount currencyCode payment profile solution callId terminalNumber authCode refTransId splitTenderId order',
  'lineItems tax duty shipping taxExempt poNumber customer billTo shipTo customerIP cardholderAuthentication retail employeeId',
  'transactionSettings userFields surcharge merchantDescriptor subMerchant tip processingOptions subsequentAuthInformation otherTax',
]
  .join(' ')
  .split(' ')

const requests: Readonly<Record<string, readonly string[]>> = {
  createTransactionRequest: ['transactionRequest'],
  getTransactionDetailsRequest: ['transId'],
  getUnsettledTransactionListRequest: ['status', 'sorting', 'paging'],
  getSettledBatchListRequest: ['includeStatistics', 'firstSettlementDate', 'lastSettlementDate'],
  getTransactionListRequest: ['batchId', 'sorting', 'paging'],
  createCustomerProfileRequest: ['profile', 'validationMode'],
  createCustomerPaymentProfileRequest: ['customerProfileId', 'paymentProfile', 'validationMode'],
  deleteCustomerPaymentProfileRequest: ['customerProfileId', 'customerPaymentProfileId'],
}

const inner: Readonly<Record<string, readonly string[]>> = {
  transactionRequest,
  order: ['invoiceNumber', 'description'],
  merchantAuthentication: ['name', 'transactionKey'],
  opaqueData: ['dataDescriptor', 'dataValue'],
  creditCard: ['cardNumber', 'expirationDate', 'cardCode'],
  sorting: ['orderBy', 'orderDescending'],
  paging: ['limit', 'offset'],
}

/** Refuses elements that are unknown or in another order, as the real service does. */
export function checkOrder(name: string, request: Readonly<Record<string, unknown>>): void {
  const body = requests[name]
  if (body === undefined) throw new AuthorizeNetRefusal('E00003', `'${name}' is not a known request.`)
  checkKeys(request, ['merchantAuthentication', 'clientId', 'refId', ...body])
  checkInside(request)
}

function checkInside(value: Readonly<Record<string, unknown>>): void {
  for (const [name, each] of Object.entries(value)) {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) continue
    const content = each as Readonly<Record<string, unknown>>
    const order = inner[name]
    if (order !== undefined) checkKeys(content, order)
    checkInside(content)
  }
}

function checkKeys(value: Readonly<Record<string, unknown>>, order: readonly string[]): void {
  let last = -1
  for (const key of Object.keys(value)) {
    const at = order.indexOf(key)
    if (at <= last) throw new AuthorizeNetRefusal('E00003', `The element has invalid child element '${key}'.`)
    last = at
  }
}
