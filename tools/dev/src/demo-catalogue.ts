/** Rows of products as `import_catalogue` takes them, each with the pieces that there are at first. */
export const DEMO_PRODUCTS = [
  product('BEANS-DECAF', 'Decaf beans, 250 g', 'Coffee', '8.20', 40),
  product('BEANS-ESPRESSO', 'Espresso beans, 1 kg', 'Coffee', '24.90', 60),
  product('BEANS-FILTER', 'Filter coffee beans, 500 g', 'Coffee', '13.50', 80),
  product('CUP-PORCELAIN', 'Porcelain cups, set of 4', 'Cups', '28.00', 25),
  product('CUP-YUNOMI', 'Yunomi cup, thrown by hand', 'Cups', '4800', 3, 'JPY'),
  product('GEAR-GRINDER', 'Hand grinder', 'Gear', '89.00', 12),
  product('GEAR-KETTLE', 'Gooseneck kettle', 'Gear', '74.50', 15),
  product('GEAR-MOKA', 'Moka pot for 6 cups', 'Gear', '32.90', 20),
  product('GEAR-SCALE', 'Brewing scale', 'Gear', '45.00', 10),
  product('TEA-ASSAM', 'Assam tea, 100 g', 'Tea', '6.40', 100),
  product('TEA-MINT', 'Peppermint tea, 50 g', 'Tea', '4.30', 100),
  product('TEA-SENCHA', 'Sencha, 100 g', 'Tea', '9.85', 50),
];

/** Rows of customers as `import_catalogue` takes them. */
export const DEMO_CUSTOMERS = [
  customer('C-1001', 'Café Meridiano', 'Rua das Flores 12', 'Lisboa', '1200-195', 'Portugal'),
  customer('C-1002', 'Nordlys Kontor AS', 'Storgata 5', 'Tromsø', '9008', 'Norway'),
  customer('C-1003', 'Amara Okafor', '18 Harbour Road', 'Cork', 'T12 X7Y1', 'Ireland'),
  customer('C-1004', 'Kissa Komorebi', 'Teramachi 221', 'Kyoto', '604-8091', 'Japan'),
  customer('C-1005', 'Bibliothèque du Lac', 'Quai du Mont-Blanc 3', 'Genève', '1201', 'Switzerland'),
];

function product(
  sku: string,
  name: string,
  category: string,
  unit_price: string,
  stock: number,
  currency = 'EUR',
) {
  return { row: { sku, name, category, unit_price, currency }, stock };
}

function customer(
  reference: string,
  name: string,
  address_line: string,
  city: string,
  postal_code: string,
  country: string,
) {
  const email = `${reference.toLowerCase()}@example.com`;
  return { reference, name, email, address_line, city, postal_code, country };
}
