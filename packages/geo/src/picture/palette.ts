/** Okabe and Ito's colours, which colour-blind people tell apart; without yellow, which is lost on white. */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000']
