import { X509Certificate } from 'node:crypto'

/** Why a certificate is not believed; undefined when it is. */
export type ChainProblem = string | undefined

const maximumDepth = 5
const maximumCertificates = 10

/** The certificates of a PEM text, the signer's first. @throws what `X509Certificate` throws for bytes that are none */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  return blocks.slice(0, maximumCertificates).map((block) => new X509Certificate(block))
}

/**
 * Follows a chain from its first certificate to one of the trusted roots: each is issued and signed by the next, the issuers
 * are authorities, and all are valid at the moment (RFC 5280 §6, without name constraints, policies and revocation lists).
 */
export function chainProblem(
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: number,
): ChainProblem {
  let current: X509Certificate | undefined = chain[0]
  for (let depth = 0; depth < maximumDepth; depth++) {
    if (current === undefined) return depth === 0 ? 'there is none' : 'no trusted authority issued it'
    const certificate: X509Certificate = current
    const problem = dateProblem(certificate, now)
    if (problem !== undefined) return problem
    if (roots.some((root) => root.raw.equals(certificate.raw))) return undefined
    const root = roots.find((candidate) => issued(candidate, certificate))
    if (root !== undefined) return dateProblem(root, now)
    current = chain.find((candidate) => candidate !== certificate && issued(candidate, certificate))
  }
  return 'its chain is too long'
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function dateProblem({ validFromDate, validToDate }: X509Certificate, now: number): ChainProblem {
  if (now < validFromDate.getTime()) return 'it is not valid yet'
  return now > validToDate.getTime() ? 'it has expired' : undefined
}
