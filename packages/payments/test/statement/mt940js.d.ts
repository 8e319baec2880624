/** What the tests use of mt940js, which has no types of its own. */
declare module 'mt940js' {
  interface Transaction {
    readonly date: Date
    readonly entryDate: Date
    readonly amount: number
    readonly bankReference: string
    readonly reference: string
  }
  interface Statement {
    readonly accountIdentification: string
    readonly currency: string
    readonly openingBalance: number
    readonly closingBalance: number
    readonly transactions: readonly Transaction[]
  }
  const mt940: { readonly Parser: new () => { parse(text: string): readonly Statement[] } }
  // oxlint-disable-next-line import/no-default-export -- so it is in CommonJS
  export default mt940
}
