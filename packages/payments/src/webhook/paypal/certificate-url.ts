const hosts = new Set(['api.paypal.com', 'api.sandbox.paypal.com', 'api-m.paypal.com', 'api-m.sandbox.paypal.com'])
const folder = '/v1/notifications/certs/'

/**
 * The address of a certificate if it is one of PayPal's own; undefined otherwise. Whoever may choose where the certificate
 * comes from may sign anything.
 */
export function pinnedCertificateUrl(text: string | null): string | undefined {
  if (text === null || text.length > 500) return undefined
  const url = URL.parse(text)
  if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    return undefined
  if (!hosts.has(url.hostname) || url.search !== '' || url.hash !== '') return undefined
  // The name of one file below the folder: nothing that leads elsewhere when it is decoded.
  return url.pathname.startsWith(folder) && /^[\w-]{1,200}$/.test(url.pathname.slice(folder.length))
    ? url.href
    : undefined
}
