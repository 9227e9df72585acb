# Names of diseases and the figures of their profiles.
diseases-covid-19 = COVID-19
diseases-measles = Measles
diseases-field-unknown = Choose a disease from the list
error-disease-unknown-title = No profile of this disease
error-disease-unknown = There is no profile of this disease yet. Choose one from the list.
