"""Whether a subsidy helps to decide better: the same worlds, lived with different subsidies through the real use cases.

What is assumed, before anything is measured:

- **A world** is one portfolio of decisions that open, trade and close together. A decision has two options, a quarter of
  them three, and one metric, a yes or no or a number traded as LONG and SHORT, half and half. Its stake, what the whole
  range of the metric is worth, is log-normal: a few decisions hold most of all that is at stake. The gap between its
  best two options is between none and 2.5 of its own standard deviations, evenly: close calls and foregone conclusions.
- **The truth**, what the metric comes to under each option, is drawn from the committee's own prior. Markets open at that
  prior, and spenders state it: the policy is told sds and horizons as they are, and stakes too, unless it is said that
  they are misjudged. Nobody is overconfident but who trades on nothing.
- **Traders** have exponential utility and trade to where they like the price best, from the prior and a signal of their own
  that is about as good as the prior (THEORY 1). They do not learn from prices, so that these end at a weighted mean of
  beliefs and not at all that is known together. A trader looks at one decision a day, where prices and liquidity let
  expect the largest gain from a signal that is not seen before, and at none if that is less than the attention it
  costs: attention is finite, and liquidity draws it from one decision to another. *Informed* traders pay 1 credit for
  a look, *inattentive* ones 5. What is locked for a year is discounted by 20 %; a gain counts as far as the option is
  likely to be the best. Each has 500 credits for all decisions together.
- **Noisy** traders look anywhere and believe what has nothing to do with the truth. **Manipulators** push one option of one
  decision, the likelier the more is at stake, each day, whatever it costs them, until 100 credits are gone.
- **The committee** takes the option that is priced highest if its lead at the close is as large as the report says that this
  market can resolve, and else the one that it thought best before. Two other rules are looked at in the same lives: only
  what the report ranks, which also asks for a lead above the leave-one-out error; and any lead where there is a subsidy.
- **Regret** is the stake times what the best option would have come to above the one that was taken.
- **Arms** open the same decisions, funded whole, out of the same reserve: the same for each decision; or what the exchange's
  own plan comes to for a portfolio that backs all of them with the least and has the rest free. No decision opens without
  a maker, so that "no subsidy" is the least that the exchange allows, which is next to no market; the committee's prior
  alone is shown beside it. Reserves are equal, what makers lose of them is not: both are said. All arms share truths,
  signals, whims and turns.
"""
