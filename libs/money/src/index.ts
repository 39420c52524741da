export { CURRENCIES, decimalsOf, isCurrency, type Decimals } from './currency.ts';
export { formatMoney, isAmount, MAX_AMOUNT, minorUnits, money, type Money } from './money.ts';
