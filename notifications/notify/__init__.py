"""GOV.UK Notify."""
